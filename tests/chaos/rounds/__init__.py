"""Rounds: random real jobs under random faults, judged from what the sandbox itself knows.

People work in real sessions while processes and servers are killed, frozen and started again, calls
are spoilt, and others change things at Wix. Then all is let come to rest, and whatever rows and
pages say is held against the sandbox's journal and history.
"""
