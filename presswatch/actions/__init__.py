"""What a person can do, once for all faces: the command line today, the API and the pages later.

Each function checks what it is given where it is entered, and raises a `PresswatchError` with the mend.
"""
