"""The one exception of juesuan."""


class Error(Exception):
    """Why something could not go on. What a document does is never an error: its report says so.

    ``kind`` is a word such as ``io``, ``dataset``, ``form`` or ``worker``; ``place`` is the file, folder or spot that it
    is about, or empty.

    >>> import juesuan
    >>> try:
    ...     juesuan.extract_file("no/such/file.docx")
    ... except juesuan.Error as error:
    ...     error.kind, error.place
    ('io', 'no/such/file.docx')
    """

    def __init__(self, message: str, kind: str = "", place: str = "") -> None:
        super().__init__(message, kind, place)
        self.kind = kind
        self.place = place

    def __str__(self) -> str:
        return str(self.args[0])
