"""The daily run over the plans under way: announce, ask, warn, break, complete; and what other news does to a plan.

Each plan goes step by step; a step is done and then noted, so that a run which is cut off repeats at most one of them,
and each of them can be repeated without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from chalicelib.accounts.letters import Post
from chalicelib.audit.model import entry
from chalicelib.payments.news import News, Newsroom, Topic
from chalicelib.plans import letters
from chalicelib.plans.asking import DESK, Asking
from chalicelib.plans.looking import Look, Looks
from chalicelib.plans.model import Ask, Plan, PlanStatus
from chalicelib.plans.steps import Break, Collect, Complete, Miss, Remind, Step, Warn, next_step
from chalicelib.plans.stopping import Stopping
from chalicelib.plans.store import PlanChanged, PlanStore
from chalicelib.plans.summary import summary
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Unavailable

MOST: Final = 12
"""Steps of one plan in one run, repeats after other changes counted; more means that something goes in circles."""


class Counts(Protocol):
    """Adds to a metric."""

    def __call__(self, name: str, value: int = 1) -> None: ...


@dataclass(frozen=True)
class Collecting:
    """`today` is the calendar day where the desk bills; `count` adds one to a metric."""

    plans: PlanStore
    looks: Looks
    asking: Asking
    stopping: Stopping
    post: Post
    newsroom: Newsroom
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    count: Counts

    def run(self, plan_id: str) -> None:
        """All that is to be done for a plan today. Raises Unavailable, and goes on where it stopped when called again.

        Four round trips when there is nothing to do, a transaction more for each step."""
        for _ in range(MOST):
            plan = self.plans.find(plan_id)
            if plan is None or not plan.is_under_way:
                return
            try:
                if not self._step(plan):
                    return
            except PlanChanged:
                continue
        raise Unavailable("The plan is being changed by others; try again.", retry_after=1)

    def follow(self, account_id: str) -> None:
        """After money, or a hold, of an account moved: complete its plan when that is paid, else note where it stands.

        One round trip for an account without a plan. Raises Unavailable."""
        for _ in range(MOST):
            found = self.plans.under_way(account_id)
            plan = self.plans.find(found.plan_id) if found else None
            if plan is None or not plan.is_under_way:
                return
            look = self.looks.at(plan, self.today())
            step = next_step(look.plan, look.now, self.today(), on_its_way=look.on_its_way)
            try:
                if isinstance(step, Complete):
                    self._complete(look)
                else:
                    self._note(plan, look)
            except PlanChanged:
                continue
            return
        raise Unavailable("The plan is being changed by others; try again.", retry_after=1)

    def _step(self, plan: Plan) -> bool:
        """Do the next thing; whether there may be more."""
        if self.stopping.left(plan):
            self.plans.put(self.stopping.stopped(plan))
            return True
        today = self.today()
        if ask := plan.open_ask:
            self._go_on(plan, ask, today)
            return True
        look = self.looks.at(plan, today)
        step = next_step(look.plan, look.now, today, on_its_way=look.on_its_way)
        if step is None:
            self._note(plan, look)
            return False
        self._do(step, look, today)
        return not isinstance(step, Complete | Break)

    def _go_on(self, plan: Plan, ask: Ask, today: date) -> None:
        """Ask for what was noted, perhaps by a run that broke off days ago: not in a rest, nor for what is paid."""
        now = self.looks.at(plan, today).now
        if now.resting or now.owed_minor < ask.amount_minor:
            self.plans.put(self.asking.withdrawn(plan, ask))
            return
        self.plans.put(self.asking.done(plan, ask))
        self.count("InstalmentsAsked")

    def _do(self, step: Step, look: Look, today: date) -> None:
        plan, now, at = look.plan, look.now, self.clock()
        match step:
            case Complete():
                self._complete(look)
            case Break():
                self._break(look)
            case Miss(due):
                self.plans.put(plan.model_copy(update={"missed": (*plan.missed, due.number)}))
                self.count("InstalmentsMissed")
            case Collect():
                # A payment booked this moment must not be asked for again: the note stands only if none was.
                self.plans.put_at(self.asking.noted(plan, step, now, today), look.seq)
            case Warn(due, _):
                self.post.send(letters.late(plan, step, now, at))
                self.plans.put(plan.model_copy(update={"warned": due.number}))
            case Remind(due):
                self.post.send(letters.reminder(plan, step, now.short_minor(due), at))
                self.plans.put(plan.model_copy(update={"reminded": due.number}))

    def _complete(self, look: Look) -> None:
        """In a rest no letter is written, not even thanks."""
        if not look.now.resting:
            self.post.send(letters.completed(look.plan, look.now.position.left_minor, self.clock()))
        self._end(look.plan, PlanStatus.COMPLETED)
        self.count("PlansCompleted")

    def _break(self, look: Look) -> None:
        plan, at = look.plan, self.clock()
        self.post.send(letters.broken(plan, look.now, at))
        self.newsroom.tell(
            News(topic=Topic.PLAN_BROKEN, object_id=plan.plan_id, at=at, account_id=plan.account_id,
                 amount_minor=look.now.position.left_minor, currency=plan.currency)
        )  # fmt: skip
        self._end(plan, PlanStatus.BROKEN)
        self.count("PlansBroken")

    def _end(self, plan: Plan, status: PlanStatus) -> None:
        at, before = self.clock(), {"status": plan.status.value}
        after = {"status": status.value, "plan_id": plan.plan_id}
        done = entry(self.new_id("aud"), f"A#{plan.account_id}", f"payment_plan.{status}", DESK, at, before, after)
        self.plans.end(plan.ended(status, at), done)

    def _note(self, plan: Plan, look: Look) -> None:
        """What the look found, where it differs from what is kept."""
        before, after = self.plans.under_way(plan.account_id), summary(look.plan, look.now)
        if look.plan != plan:
            self.plans.keep(look.plan, after)
        elif before != after:
            self.plans.note_summary(after)
        if before and after.instalments_left < before.instalments_left:
            self.count("InstalmentsPaid", before.instalments_left - after.instalments_left)
