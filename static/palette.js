// The palette: find anything and start anything, from the keyboard. Without it, search is a page.
"use strict";

// Other scripts open it by this.
let openPalette;

{
  const palette = document.getElementById("palette");
  const paletteWords = document.getElementById("palette-words");
  const paletteFound = document.getElementById("found");

  const options = () => [...paletteFound.querySelectorAll("[role=option]")];
  const chosenOption = () => paletteFound.querySelector("[aria-selected=true]");

  openPalette = (text) => {
    if (!palette.open) {
      palette.showModal();
    }
    paletteWords.value = text;
    // Whoever has begun to type goes on; what was there before is typed over.
    paletteWords.focus();
    htmx.trigger(paletteWords, "opened");
  };

  function choose(option) {
    const before = chosenOption();
    if (before) before.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      paletteWords.setAttribute("aria-activedescendant", option.id);
    } else {
      paletteWords.removeAttribute("aria-activedescendant");
    }
  }

  function stepTo(event, way) {
    const every = options();
    if (!every.length) return;
    event.preventDefault();
    const here = every.indexOf(chosenOption());
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: every.length - 1 }[way];
    choose(every.at(next % every.length));
  }

  function follow(option, event) {
    event.preventDefault();
    if (option.getAttribute("aria-disabled") === "true") {
      sayInPalette(option.title);
    } else if (option.dataset.fills) {
      openPalette(option.dataset.fills);
    } else if ((event.ctrlKey || event.metaKey) && option.href) {
      window.open(option.href, "_blank", "noopener");
    } else {
      option.click();
    }
  }

  function sayInPalette(words) {
    document.getElementById("palette-says").textContent = words;
  }

  paletteWords.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key)) stepTo(event, event.key);
    // With text to move in, these two are the text's.
    if (["Home", "End"].includes(event.key) && !paletteWords.value) stepTo(event, event.key);
    if (event.key === "Enter" && chosenOption()) follow(chosenOption(), event);
  });

  paletteFound.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && (option.dataset.fills || option.hasAttribute("aria-disabled"))) follow(option, event);
  });
  // The keyboard stays in the box.
  paletteFound.addEventListener("mousedown", (event) => event.preventDefault());
  paletteFound.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosenOption()) choose(option);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== paletteFound) return;
    const every = options();
    paletteFound.scrollTop = 0;
    choose(every[0]);
    const none = paletteFound.querySelector("p:not(.hits-head)");
    sayInPalette(every.length ? counted(texts.results, every.length) : none?.textContent || "");
  });

  palette.addEventListener("click", (event) => {
    if (event.target === palette || event.target.closest(".palette-close")) palette.close();
  });
  palette.addEventListener("close", () => {
    htmx.trigger(paletteWords, "htmx:abort");
    paletteFound.replaceChildren();
    choose(null);
    sayInPalette("");
  });

  // The box at the head of each page leads here, with what was typed into it.
  const searchBox = document.getElementById("search");
  if (searchBox) {
    const carryOver = () => {
      const typed = searchBox.value;
      searchBox.value = searchBox.defaultValue;
      openPalette(typed);
    };
    searchBox.addEventListener("input", (event) => event.isComposing || carryOver());
    searchBox.addEventListener("compositionend", carryOver);
    searchBox.addEventListener("click", () => {
      openPalette(searchBox.value);
      paletteWords.select();
    });
  }
}
