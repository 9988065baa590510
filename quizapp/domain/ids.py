"""One integer type per aggregate, so that the checker refuses a mix-up."""

from typing import NewType

OfficerId = NewType("OfficerId", int)
UnitId = NewType("UnitId", int)
QuestionId = NewType("QuestionId", int)
VersionId = NewType("VersionId", int)
ExamId = NewType("ExamId", int)
AttemptId = NewType("AttemptId", int)
PostingId = NewType("PostingId", int)
UploadId = NewType("UploadId", int)
