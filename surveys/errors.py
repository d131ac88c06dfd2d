"""Every refusal Tråkk can answer with: one small class each; config/problems.py gives the HTTP status."""


class DomainError(Exception):
    """A refusal with a stable code for machines and a sentence for people.

    pointer: RFC 6901 JSON pointer of the place in the body that was refused, or "".
    """

    code = "refused"

    def __init__(self, message: str, *, code: str = "", pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.pointer = pointer


class NotFound(DomainError):
    """It does not exist, or the asker may not know that it does."""

    code = "not-found"


class NotAllowed(DomainError):
    """The asker may see it, but not do this to it."""

    code = "not-allowed"


class CodeRefused(DomainError):
    """A class code or link that is wrong, closed or unknown: one answer for all three."""

    code = "code-refused"


class TooManyTries(DomainError):
    """Too many wrong codes from one address, or from everywhere."""

    code = "too-many-tries"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TokenRefused(DomainError):
    """No write token, receipt or access token, or one that fits nothing."""

    code = "token-refused"


class SurveyClosed(DomainError):
    """The survey, or the time in which a response may still deliver, is over."""

    code = "survey-closed"


class InvalidBody(DomainError):
    """The body is not the JSON that this call takes."""

    code = "invalid-body"


class NotJson(InvalidBody):
    """The body cannot be read as JSON at all, or not safely."""

    code = "not-json"


class BodyTooLarge(DomainError):
    """The body is larger than this call takes."""

    code = "body-too-large"


class InvalidGeometry(DomainError):
    """A geometry that is no geometry, or not of the category's kind."""

    code = "invalid-geometry"


class OutsideStudyArea(DomainError):
    """A position outside the survey's study area."""

    code = "outside-study-area"


class InvalidAnswer(DomainError):
    """An answer that does not fit its question, or a category, mode or comment that the survey does not have."""

    code = "invalid-answer"


class TooManyMarks(DomainError):
    """A response has as many marks, in all or of one category, as the survey allows."""

    code = "too-many-marks"


class RevisionConflict(DomainError):
    """The same revision came before with another body; rev is the one that is stored, when the asker may know."""

    code = "revision-conflict"

    def __init__(self, message: str, *, code: str = "", pointer: str = "", rev: int | None = None) -> None:
        super().__init__(message, code=code, pointer=pointer)
        self.rev = rev


class AlreadyJudged(DomainError):
    """Words that somebody else judged, or their child changed, since they were shown."""

    code = "already-judged"


class MarkDeleted(DomainError):
    """The mark was deleted with this revision or a later one."""

    code = "mark-deleted"


class InvalidFilter(DomainError):
    """A filter, format or page parameter that is unknown or out of range."""

    code = "invalid-filter"


class InvalidSurvey(DomainError):
    """A survey, template or setting of a survey that breaks a rule."""

    code = "invalid-survey"


class ImportRefused(DomainError):
    """A file that cannot be imported."""

    code = "import-refused"
