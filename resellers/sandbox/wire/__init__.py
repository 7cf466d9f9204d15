"""What goes over the wire: requests and answers, the checks of a body, Wix's error envelope."""
