"""One operation at work: from the request of API Gateway to its answer.

No exception gets out: Chalice would make a bare 500 of it before any middleware sees it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError
from chalice.app import Request as ChaliceRequest
from chalice.app import Response
from pydantic import BaseModel

from chalicelib.platform import cursor
from chalicelib.platform.auth import ANONYMOUS, Caller, GoesOnIn, Roles, caller_of
from chalicelib.platform.errors import BadRequest, DeskError, Unavailable
from chalicelib.platform.hiding import fingerprint
from chalicelib.platform.http import NO_STORE, Items, Listing, Raw, Request
from chalicelib.platform.idempotency import Answer, Answers
from chalicelib.platform.operation import Operation
from chalicelib.platform.problem import MEDIA_TYPE, problem
from chalicelib.platform.reading import check_path, read_body, read_query
from chalicelib.platform.telemetry import count, flush_metrics, logger, tracer


@dataclass(frozen=True)
class Server:
    """Serves one operation. `answers` and `cursor_key` are called when first needed, `goes_on_in` as Caller says."""

    operation: Operation
    roles: Roles
    answers: Callable[[], Answers]
    cursor_key: Callable[[], bytes]
    goes_on_in: GoesOnIn

    def serve(self, raw: ChaliceRequest, path: Mapping[str, str]) -> Response:
        """The answer to one request, whatever happens; logged, counted and with its X-Request-Id."""
        started = time.perf_counter()
        request_id = str(raw.context.get("requestId", ""))
        logger.clear_state()
        logger.append_keys(request_id=request_id, operation=self.operation.name)
        instance = str(raw.context.get("path") or self.operation.path)
        with tracer.provider.in_subsegment(self.operation.name):
            response = self._answer(raw, path, request_id, instance)
        response.headers["X-Request-Id"] = request_id
        taken = round((time.perf_counter() - started) * 1000, 1)
        logger.info("request", status=response.status_code, duration_ms=taken)
        count("Requests")
        if response.status_code >= 500:
            count("ServerErrors")
        flush_metrics()
        return response

    def _answer(self, raw: ChaliceRequest, path: Mapping[str, str], request_id: str, instance: str) -> Response:
        try:
            request = self._read(raw, path, request_id)
            key = request.idempotency_key if self.operation.idempotency != "no" else None
            if key:
                return self._once(request, key, instance)
            if self.operation.idempotency == "required":
                raise BadRequest("Send an Idempotency-Key: a new one for each new request, the same for a repeat.")
            return self._call(request)
        except DeskError as error:
            return _refusal(error, instance)
        except BotoCoreError:
            logger.exception("a call to AWS failed")
            return _refusal(Unavailable("A system the desk needs does not answer; try again."), instance)
        except Exception:  # noqa: BLE001 - the last door; a bug becomes a problem document, not a bare 500
            logger.exception("unexpected error")
            return _refusal(DeskError("The error is in our log; tell us the X-Request-Id."), instance)

    def _read(self, raw: ChaliceRequest, path: Mapping[str, str], request_id: str) -> Request[Any, Any]:
        caller = ANONYMOUS
        if self.operation.permission:
            caller = caller_of((raw.context.get("authorizer") or {}).get("claims"), self.roles, self.goes_on_in)
            caller.require(self.operation.permission)
        check_path(path)
        if "account_id" in path:
            caller.reach(path["account_id"])
        query = read_query(self.operation, raw)
        content, body = read_body(self.operation, raw)
        given = getattr(query, "cursor", None)
        return Request(
            caller=caller, request_id=request_id, path=path, query=query, body=body, raw_body=content,
            headers={str(name).lower(): str(value) for name, value in raw.headers.items()},
            start=cursor.unseal(given, self._binding(caller, path, query), self.cursor_key()) if given else None,
        )  # fmt: skip

    def _call(self, request: Request[Any, Any]) -> Response:
        result = self.operation.handler(request)
        status = self.operation.status
        if isinstance(result, Raw):
            return Response(result.body, {"Content-Type": result.content_type, **result.headers}, status)
        headers: dict[str, str | list[str]] = {"Content-Type": "application/json"}
        if isinstance(result, Items):
            return Response(self._page(request, result).model_dump_json(), headers, status)
        if result.version is not None:
            headers["ETag"] = f'"{result.version}"'
        if result.location:
            headers["Location"] = result.location
        return Response(result.body.model_dump_json(), {**headers, **result.headers}, status)

    def _page(self, request: Request[Any, Any], result: Items[Any]) -> Listing[Any]:
        binding = self._binding(request.caller, request.path, request.query)
        following = cursor.seal(result.next_key, binding, self.cursor_key()) if result.next_key else None
        return Listing[Any](items=list(result.items), next_cursor=following)

    def _binding(self, caller: Caller, path: Mapping[str, str], query: BaseModel) -> str:
        asked = query.model_dump_json(exclude={"cursor", "limit"})
        return f"{self.operation.name} {sorted(path.items())} {asked} {caller.subject}"

    def _once(self, request: Request[Any, Any], key: str, instance: str) -> Response:
        """The first answer to this key; kept unless it holds a secret, the fault was ours, or nobody was let in."""
        operation, answers = self.operation, self.answers()
        scope = f"{request.caller.subject} {operation.method} {operation.path} {sorted(request.path.items())}"
        first = answers.claim(scope, key, fingerprint(request.raw_body))
        if first:
            return Response(first.body, {**first.headers, "Idempotency-Replayed": "true"}, first.status)
        try:
            response = self._call(request)
        except DeskError as error:
            response = _refusal(error, instance)
        except BaseException:
            answers.release(scope, key)
            raise
        if _is_passing(response):
            answers.release(scope, key)
        else:
            headers = {name: str(value) for name, value in response.headers.items()}
            try:
                answers.keep(scope, key, Answer(response.status_code, str(response.body), headers))
            except Unavailable:
                logger.exception("the answer could not be kept; the work is done, so it is given all the same")
        return response


def _is_passing(response: Response) -> bool:
    """Whether the next request with the same key is to be served anew. Who was not let in did nothing, and may be let
    in once the customer was verified, or has signed in again."""
    ours = response.status_code >= 500 or response.status_code in (401, 403, 429)
    return ours or NO_STORE.items() <= response.headers.items()


def _refusal(error: DeskError, instance: str) -> Response:
    if error.status > 500:
        logger.warning("a partner failed", code=error.code, detail=error.detail, cause=type(error.__cause__).__name__)
    return Response(problem(error, instance), {"Content-Type": MEDIA_TYPE, **error.headers}, error.status)
