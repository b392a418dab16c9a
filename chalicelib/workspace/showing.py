"""A workspace as it is shown: names and amounts, no rule."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.platform.money import Money
from chalicelib.workspace import views as show
from chalicelib.workspace.glance import Glance
from chalicelib.workspace.service import Workspace

Amount = Callable[[int], Money]


def shown(workspace: Workspace) -> show.WorkspaceView:
    """The whole view."""
    glance = workspace.glance
    return show.WorkspaceView(
        account_id=glance.account.account_id,
        support=_support(glance),
        customer=_customer(glance),
        verified=_verified(glance),
        reasons=[
            show.LikelyView(reason=each.reason, fact=each.fact, object_id=each.object_id) for each in workspace.reasons
        ],
        actions=[
            show.NextActionView(action=each.name, method=each.method, path=each.path, body=each.body, why=each.why)
            for each in workspace.actions
        ],
        money=_money(glance),
        holds=[show.HoldView(**hold.model_dump(include=set(show.HoldView.model_fields))) for hold in glance.holds],
        payment_plan=_plan(glance),
        collection=[show.RungView(**rung.model_dump()) for rung in glance.ladder.places],
        usage=_usage(glance),
        cases=[show.CaseView(**case.model_dump()) for case in glance.cases],
        guides=[show.GuideGlance(slug=guide.slug, at=guide.at) for guide in reversed(glance.guides.recent)],
    )


def _support(glance: Glance) -> show.SupportView:
    said = glance.preferences
    return show.SupportView(
        needs=[need.kind for need in said.needs_on(glance.today)],
        formats=list(said.formats),
        language=glance.account.language,
        preferred_channel=said.preferred_channel,
        preferred_time=said.preferred_time,
    )


def _customer(glance: Glance) -> show.CustomerView:
    account = glance.account
    contacts = [
        show.ContactPointView(
            address=point.address, is_verified=point.verified_at is not None,
            has_bounced=point.bounced_at is not None,
        )
        for point in account.contact_points
    ]  # fmt: skip
    return show.CustomerView(
        account_number=account.account_number,
        display_name=account.name.display,
        kind=account.kind_of_customer,
        status=account.status,
        merged_into=account.merged_into,
        contacts=contacts,
        data_quality_score=account.data_quality_score,
        suspected_duplicates=[suspect.account_id for suspect in account.suspects],
        since_on=account.created_at.date(),
    )


def _verified(glance: Glance) -> show.VerifiedView:
    state = glance.identity
    return show.VerifiedView(
        level=glance.verified.level,
        until=glance.verified.until,
        locked_until=state.lock(glance.now),
        contact_changed_at=state.contact_changed_at,
        sim_swapped_at=state.sim_swapped_at,
    )


def _money(glance: Glance) -> show.MoneyView:
    amount, owed = _amount(glance), glance.owed
    return show.MoneyView(
        balance=amount(owed.balance_minor),
        overdue=amount(owed.overdue_minor(glance.today)),
        credit=amount(owed.credit_minor),
        to_ask=amount(glance.payable_minor(glance.late)),
        open_invoices=[
            show.DueView(
                invoice_id=each.invoice_id, due_on=each.due_on, due=amount(each.due_minor),
                disputed=amount(glance.disputed_minor(each)),
            )
            for each in owed.payable()
        ],
        last_bill=_bill(glance),
    )  # fmt: skip


def _bill(glance: Glance) -> show.BillView | None:
    bill, amount = glance.last_bill, _amount(glance)
    if bill is None:
        return None
    before = bill.before_minor
    return show.BillView(
        invoice_id=bill.invoice_id,
        number=bill.number,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        total=amount(bill.total_minor),
        before=None if before is None else amount(before),
        difference=None if before is None else amount(bill.total_minor - before),
    )


def _plan(glance: Glance) -> show.PlanView | None:
    plan, amount = glance.plan, _amount(glance)
    if plan is None:
        return None
    plain = plan.model_dump(include={"plan_id", "status", "next_due_on", "ends_on"})
    return show.PlanView(
        **plain, total=amount(plan.total_minor), left=amount(plan.left_minor), next=amount(plan.next_minor)
    )


def _usage(glance: Glance) -> show.UsageView:
    used, amount = glance.usage, _amount(glance)
    alerts = sorted(used.alerts, key=lambda each: (each.at, each.percent), reverse=True)
    return show.UsageView(
        limits={scope: amount(minor) for scope, minor in used.limits.items()},
        barred={scope: list(names) for scope, names in used.barred.items()},
        alerts=[
            show.UsageAlertView(
                of="spending_limit" if each.is_of_limit else "allowance", percent=each.percent, at=each.at
            )
            for each in alerts
        ],
    )


def _amount(glance: Glance) -> Amount:
    return lambda minor: Money(amount_minor=minor, currency=glance.owed.currency)
