"""Mails that machines wrote, in our own words and by the forms of many mailers; no header gives the absent away, so that
their subjects decide. What people wrote stands in `labelled.jsonl`, and here where it looks like a machine's."""

# ruff: noqa: E501 - one language or mailer a row

from __future__ import annotations

from tests.intake.mails import multipart, raw

ABSENT = {
    "en": ("Out of office: your bill", "Automatic reply: your bill", "Auto-Reply: Invoice", "Out of the Office Re: Bill",
           "Autoreply: your bill"),
    "de": ("Automatische Antwort: Ihre Rechnung", "Abwesenheitsnotiz: Rechnung", "Abwesenheit: Ihre Rechnung",
           "Automatische Abwesenheitsnotiz", "Abwesend: Re: Ihre Rechnung"),
    "fr": ("Réponse automatique : votre facture", "Absence du bureau : facture", "Message d'absence",
           "Absent du bureau : votre facture", "RÉPONSE AUTOMATIQUE: facture"),
    "es": ("Respuesta automática: su factura", "Fuera de la oficina: factura", "Respuesta automatica: su factura",
           "Fuera de oficina: su factura", "RESPUESTA AUTOMÁTICA"),
    "it": ("Risposta automatica: la sua fattura", "Fuori sede: fattura", "Fuori ufficio: la sua fattura",
           "Risposta automatica", "Assenza dall'ufficio: fattura"),
    "pt": ("Resposta automática: a sua fatura", "Ausência do escritório: fatura", "Ausência temporária",
           "Resposta automatica: fatura", "Fora do escritório: fatura"),
    "nl": ("Automatisch antwoord: uw factuur", "Afwezigheidsbericht: factuur", "Afwezig: uw factuur",
           "Niet aanwezig: uw factuur", "Automatische beantwoording: uw factuur"),
    "pl": ("Odpowiedź automatyczna: rachunek", "Automatyczna odpowiedź: rachunek", "Autoodpowiedź: rachunek",
           "Odpowiedz automatyczna: rachunek", "Nieobecność w biurze: rachunek"),
    "sv": ("Autosvar: din faktura", "Automatiskt svar: din faktura", "Frånvarande: din faktura",
           "Frånvaro: din faktura", "Frånvaromeddelande"),
    "fi": ("Automaattinen vastaus: laskusi", "Poissa toimistosta: lasku", "Poissaoloviesti", "Automaattivastaus: lasku",
           "Poissaoloilmoitus: lasku"),
    "cs": ("Automatická odpověď: faktura", "Mimo kancelář: faktura", "Automaticka odpoved: faktura",
           "Nepřítomnost: faktura", "Automatická odpoveď: faktúra"),
    "ja": ("自動返信: 請求書", "不在通知: 請求書", "自動応答: 請求書", "【自動返信】お問い合わせ", "不在のお知らせ"),
}  # fmt: skip
"""Sixty subjects in twelve languages."""

DAEMONS = (
    ("MAILER-DAEMON@mx.example (Mail Delivery System)", "Undelivered Mail Returned to Sender",
     "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\n"
     "be delivered.\n\n<{to}>: host mail.there.example said: 550 5.1.1 User unknown\n"),
    ("Mail Delivery System <Mailer-Daemon@exim.example>", "Mail delivery failed: returning message to sender",
     "A message that you sent could not be delivered to one or more of its recipients.\n\n  {to}\n"
     "    Unrouteable address\n"),
    ("MAILER-DAEMON@q.example", "failure notice",
     "Hi. This is the program at q.example.\nI'm afraid I wasn't able to deliver your message.\n\n<{to}>:\n"
     "Sorry, no mailbox here by that name.\n"),
    ("Mail Delivery Subsystem <MAILER-DAEMON@send.example>", "Returned mail: see transcript for details",
     "   ----- The following addresses had permanent fatal errors -----\n<{to}>\n    (reason: 550 5.1.1)\n"),
    ("Mail Delivery Subsystem <mailer-daemon@web.example>", "Delivery Status Notification (Failure)",
     "Address not found\n\nYour message wasn't delivered to {to} because the address couldn't be found.\n"),
    ("postmaster@exchange.example", "Undeliverable: Your bill",
     "Delivery has failed to these recipients or groups:\n\n{to}\nThe email address you entered couldn't be found.\n"),
    ("postmaster@haus.example", "Unzustellbar: Ihre Rechnung", "Fehler bei der Nachrichtenzustellung an:\n\n{to}\n"),
    ("postmaster@maison.example", "Non remis : votre facture", "Échec de la remise à ces destinataires :\n\n{to}\n"),
    ("postmaster@casa.example", "No se puede entregar: su factura", "No se pudo entregar el mensaje a:\n\n{to}\n"),
    ("MAILER-DAEMON@poczta.example", "Niedostarczono: rachunek", "Nie udało się dostarczyć wiadomości do:\n\n{to}\n"),
)  # fmt: skip
RECIPIENTS = ("ada@example.com", "o.neil+bills@mail.example.org")

LIKE_A_MACHINE = (
    "Your automatic reply did not help", "Charged while I was out of office", "I was on leave when you billed me",
    "Abwesend war ich, als Sie abgebucht haben?", "Why do I get automatic payments?", "Delivery failed for my router",
    "The letter was returned to sender", "Automatic payment failed", "Automatic renewal: please stop it",
    "Auto renewal of my contract", "Auto pay is not working", "Absence of a bill", "Absent a reply I will complain",
    "Out of order since Monday", "Away from home: please hold my bill", "Automatische Abbuchung", "Automatisch betalen",
    "Paiement automatique refusé", "Pago automático", "Pagamento automatico non riuscito", "Pagamento automático",
    "Płatność automatyczna", "Automatisk betaling", "Automatická platba", "Fuera de plazo", "Fuori dalla bolletta",
    "Undelivered parcel with my new router", "Mail delivery: please send bills by post", "自動引き落としについて",
    "Nieobecny w domu, proszę o nowy termin",
)  # fmt: skip


def absent() -> list[bytes]:
    return [raw("I am away.", subject=subject) for subjects in ABSENT.values() for subject in subjects]


def returned() -> list[tuple[bytes, str]]:
    """Forty mails that came back and whom they did not reach: in the daemon's words alone, and with a report."""
    found = []
    for sender, subject, words in DAEMONS:
        for to in RECIPIENTS:
            said = words.format(to=to)
            found.append((raw(f"{said}\n--- Below is a copy\n\nFrom: billing@desk.example\n", from_=sender,
                              subject=subject), to))  # fmt: skip
            status = (
                "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
                f"Final-Recipient: RFC822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            )
            plain = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{said}"
            found.append((multipart(plain, status, kind="report", from_=sender, subject=subject), to))
    return found
