"""Operations: a wish becomes a row, a plan says what will change, an engine carries it out."""
