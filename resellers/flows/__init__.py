"""Guided work of several steps, saved as it goes: a person begins it, any colleague goes on.

A flow is made of steps: questions, operations and checks. `engine` takes on what goes on by itself,
`deciding` is what people do with one, and `decision` what each such word has in common; `progress`
says how it goes from step to step. A new sort of flow is a file with its `FlowKind`, and a line in
`kinds`.
"""
