"""The calls, by the noun they are about. Each class here is a part of `WixClient`."""
