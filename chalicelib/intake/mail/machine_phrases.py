"""What machines say where no header gives them away, in the languages that customers' machines speak.

Rows as in the vocabularies of `classify`: `*` ends a word that may go on, `..` stands for up to three other words. Data
only: what another program says is a new term in its row.
"""

# ruff: noqa: RUF001 - the letters that machines write with

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Says(StrEnum):
    """What one kind of sentence says. People say single ones of them too."""

    DECLARES = "that a program wrote this"
    AWAY = "that somebody is not there"
    LATER = "that the mail is read later, or not"
    INSTEAD = "whom to ask instead"
    LEFT = "that somebody works there no more"
    TAKEN = "that a request was taken in"
    CHALLENGES = "that who wrote has to prove to be a person"
    SEEN = "that a mail was opened or an invitation answered"
    SENT_TO_MANY = "how to get no more of it"
    WISHES = "that somebody asks or wants something: a person's words"
    MATTERS = "what somebody writes to us about: a person's words"


PHRASES: Final = {
    Says.DECLARES: """
    1 this is an automat*, this is an auto, this is a system generated, this .. automatically generated
    1 this .. was sent automatically, this .. sent .. by a system, this .. generated automatically
    1 it was sent by a system, automated message, automated reply, automated response, automatic reply
    1 automatic response, auto reply, do not reply to this, don't reply to this, do not respond to this
    1 do not answer this, not reply directly, this mailbox is not, this mailbox is no, this mailbox is un*
    1 this inbox is not, this address is not monitored, this address is no longer, this account is not monitored
    1 mailbox is not monitored, email .. is not monitored, neges awtomatig, ymateb awtomatig, ateb awtomatig
    1 dies ist eine automat*, diese .. automatisch, dies .. automatisch, automatisch erzeugt*, automatisch erstellt*
    1 automatisch generiert*, automatische antwort, nicht auf diese, auf diese .. nicht antworten
    1 ceci est un .. automat*, cette reponse .. automat*, ce message .. automat*, ce courriel .. automat*
    1 message automat*, réponse automat*, ne pas répondre à ce, ne répondez pas à ce, ne pas répondre à cet
    1 ne répondez pas à cet, mensaje automat*, respuesta automat*, correo automat*, no responda a este
    1 no conteste a este, no responder a este, messaggio automat*, risposta automat*, messaggio .. generato automat*
    1 non rispondere a quest*, email automat*, automatisch bericht, automatisch antwoord, automatisch gegenereerd
    1 automatisch verzonden, niet op deze, niet op dit, wiadomość .. automatycz*, wiadomość została wygenerowana
    1 odpowiedź automatycz*, automatyczna odpowiedź, nie odpowiadaj na, nie odpowiadać na, mensagem automat*
    1 resposta automat*, não responda a est*, automatiskt meddelande, automatiskt svar, automatisk svar
    1 automatisk besked, svara inte på, ikke svar på, automaattinen vastaus, automaattinen viesti, automaattivastaus
    1 automatická odpověď, automatická zpráva, automatikus válasz, automatikus üzenet, otomatik yanıt, otomatik mesaj
    1 otomatik olarak, это автоматическ*, автоматическое сообщение, сообщение .. автоматически, не отвечайте на
    1 αυτόματο μήνυμα, автоматична відповідь, this is an autoreply, this notice was sent, this notification was sent
    1 this is a one time, this is a no reply, envoyé automatiquement, généré automatiquement, enviado automáticamente
    1 generado automáticamente, inviato automaticamente, generata automaticamente, wysłana automatycznie
    1 wygenerowan* automatycznie
    """,
    Says.AWAY: """
    1 out of the office, out of office, out of my office, away from my desk, away from the office, not in the office
    1 on annual leave, on leave, on maternity leave, on paternity leave, on sick leave, on parental leave, on vacation
    1 am on holiday, am away, be away, office is closed, offices are closed, we are closed, currently away
    1 currently closed, allan o'r swyddfa, ar wyliau, ar gau, i ffwrdd, nicht im büro, nicht im haus, außer haus
    1 abwesend, im urlaub, in urlaub, nicht erreichbar, bin nicht da, elternzeit, absent du, absente du, suis absent*
    1 serai absent*, suis en congé*, en congés, en vacances, hors du bureau, fuera de la oficina, fuera de oficina
    1 estoy de vacaciones, de vacaciones, estoy ausente, estaré ausente, de baja, fuori ufficio, fuori sede
    1 sono in ferie, in ferie, sono assente, sarò assente, in maternità, niet op kantoor, ben afwezig, afwezig
    1 niet aanwezig, met vakantie, op vakantie, met verlof, niet bereikbaar, poza biurem, na urlopie, jestem nieobecn*
    1 będę nieobecn*, nieobecność, niedostępn*, fora do escritório, estou de férias, de férias, estou ausente
    1 estarei ausente, på semester, på ferie, inte på kontoret, ikke på kontoret, är borta, ute av kontoret
    1 föräldraledig, fraværende, lomalla, poissa, mimo kancelář, na dovolené, szabadságon, irodán kívül, ofis dışında*
    1 izinde*, в отпуске, отсутствую, не в офисе, у відпустці, άδεια, εκτός γραφείου, off sick, off work
    1 i'm travelling, am travelling, be travelling, on parental, on a course, on bank holiday, not working on
    1 work tuesdays, works tuesdays, work mondays, works mondays, work part time, works part time, do not work on
    1 our office hours, our opening hours, office will be closed, we will be closed, urlaub, im mutterschutz
    1 olen lomalla, betriebsferien, geschlossen bis, geschlossen vom, bleibt geschlossen, ist geschlossen,
    1 nous sommes fermés, bureaux sont fermés, cerrado por, siamo chiusi
    1 zijn gesloten, jag har semester, på barselsorlov, på kurs, ikke på arbejde
    """,
    Says.LATER: """
    1 when i return, upon my return, on my return, when i am back, when i'm back, until i return, after i return
    1 not return until, return to the office, returning on, be back on, back in the office, on our return
    1 when we return, will .. respond .. as soon, will .. reply .. as soon, get back to you .. as soon
    1 respond to your .. when, limited access, no access to .. mail, no access to email, not be checking
    1 not be reading, without access, will not be forwarded, not be read, not being forwarded, get back to you within
    1 respond within, reply within, answer within, aim to respond, aim to reply, aim to answer, be in touch .. shortly
    1 as soon as we can, will be in touch, will get back to you, will contact you .. soon, ymateb cyn gynted
    1 pan ddychwelaf, pan fyddaf yn ôl, nach meiner rückkehr, ab dem .. wieder, bin ich wieder, wieder erreichbar
    1 wieder im büro, nicht weitergeleitet, wird nicht .. gelesen, so bald wie möglich, sobald wie möglich
    1 schnellstmöglich, melden uns, zeitnah, à mon retour, dès mon retour, de retour le, dans les meilleurs délais
    1 dans les plus brefs, sous .. jours, a mi regreso, a mi vuelta, a la vuelta, lo antes posible
    1 a la mayor brevedad, en breve, en un plazo, al mio rientro, al mio ritorno, al rientro, prima possibile
    1 al più presto, quanto prima, entro .. ore, na terugkomst, bij terugkomst, bij mijn terugkeer, weer aanwezig
    1 zo snel mogelijk, zo spoedig mogelijk, binnen .. dagen, po powrocie, po moim powrocie, najszybciej jak
    1 jak najszybciej, w ciągu .. dni, no meu regresso, no meu retorno, assim que possível, när jag är tillbaka
    1 är tillbaka, åter på kontoret, når jeg er tilbake, er tilbage, tilbake den, så snart som, så hurtigt som
    1 palattuani, kun palaan, palaan, po návratu, amint visszatér*, dönüşümde, döndüğümde, по возвращении, вернусь
    1 буду доступ*, μόλις επιστρέψω, reply when i can, answer when i can, reply when i am, reply when i get
    1 respond when i, answer when i, when we are back, be dealt with when, be answered when, will be read when
    1 not be reading mail, not be reading my, won't be reading, within one working, within two working
    1 within 24 hours, within 48 hours, within three working, within 2 working, within 5 working, aim to respond to
    1 will answer as soon, will respond as soon, will reply as soon, an agent will, member of our team will
    1 one of our team will, as soon as possible, bearbeiten ihr anliegen, bearbeiten ihre anfrage, lese keine mails
    1 lese .. mails nicht, keine e mails, nach dem urlaub, répondra, répondrai, nous reviendrons vers, contestaré
    1 responderemos, le responderé, responderé, risponderò, risponderemo, beantwoord, beantwoorden, odpowiem
    1 odpowiemy, odpiszę, svarar när, svarer når, besvarer, vastaan, vastaamme, odpovím, odpovíme
    """,
    Says.INSTEAD: """
    1 in urgent cases, in urgent matters, for urgent, if .. urgent, if it is urgent, urgent matters, urgent enquiries
    1 in an emergency, in my absence, please contact, please write to, please email, please direct, instead write
    1 instead please, contact my colleague, write to my colleague, redirect your, invoices write to, send all
    1 in dringenden, dringende fälle*, vertretung, wenden sie sich, kontaktieren sie, en cas d'urgence
    1 pour toute urgence, en mon absence, veuillez contacter, merci de contacter, vous adresser à, en caso de urgencia
    1 asuntos urgentes, temas urgentes, en mi ausencia, puede contactar, póngase en contacto, per urgenze
    1 per questioni urgenti, in caso di urgenza, in mia assenza, potete contattare, rivolgersi a, contattare
    1 voor dringende, bij spoed, voor spoed, tijdens mijn afwezigheid, kunt u contact opnemen, neem contact op
    1 w pilnych sprawach, w sprawach pilnych, podczas mojej nieobecności, proszę o kontakt z, em caso de urgência
    1 na minha ausência, assuntos urgentes, vid brådskande, i brådskande, ved haster, kontakta min, kontakt min
    1 kiireellis*, v naléhav*, v neodkladných, sürgős esetben, acil durum*, по срочным, в срочных, mewn argyfwng
    1 materion brys, επείγον*, please get in touch with, please send .. mail to, please send .. to
    1 if your matter is urgent, urgent please, mails are read by, emails are read by, please ring, please phone
    1 please call, hilft ihnen, ist meine kollegin, mein kollege, écrire à, merci d'écrire, escriba a, scrivere a
    1 mail naar, prosimy pisać, pisać na, ärenden kontakta
    """,
    Says.LEFT: """
    1 no longer work*, no longer employed, no longer with, no longer part of, no longer at, has left the
    1 have left the, left the company, left the organi*, ddim yn gweithio .. mwyach, nicht mehr .. tätig
    1 nicht mehr .. beschäftigt, nicht mehr bei, nicht mehr im unternehmen, ne travaille plus, ne fait plus partie
    1 n'est plus, a quitté, ya no trabaj*, ya no forma, non lavora più, non fa più parte, non lavoro più
    1 niet meer werkzaam, niet langer werkzaam, uit dienst, nie pracuje już, już nie pracuj*, nie jest już
    1 não trabalha mais, já não trabalh*, har slutat, har sluttet, ei ole enää, již nepracuj*, už nepracuj*
    1 már nem dolgoz*, больше не работа*, moved to a new e mail, moved to a new email, new e mail address
    1 changed my email address, address will be closed, mailbox will be closed, mailbox is closed, adresse n'est plus
    1 dirección ya no, indirizzo non è più, adres is niet meer
    """,
    Says.TAKEN: """
    1 your request .. received, your enquiry .. received, your inquiry .. received, your message .. received
    1 your email .. received, your request .. logged, your request .. created, your request .. registered
    1 ticket .. created, ticket .. opened, case .. created, case .. opened, has been logged, been assigned
    1 ticket number, ticket id, ticket no, request id, case number is, reference number is, have received your
    1 we've received your, thank you for contacting, thanks for contacting, thank you for getting in touch
    1 thanks for getting in touch, wedi derbyn eich, derbyniwyd eich, diolch am gysylltu, ihre anfrage .. erhalten
    1 ihre nachricht .. erhalten, ihre anfrage .. eingegangen, ihre e mail .. erhalten, ticketnummer, wurde .. erfasst
    1 ist bei uns eingegangen, vorgangsnummer, danke für ihre anfrage, dank für ihre anfrage, votre demande .. reçue
    1 votre demande .. enregistrée, bien reçu votre, votre message .. reçu, numéro de ticket, demande a bien été
    1 message a bien été, su solicitud .. recibid*, su solicitud .. registrad*, hemos recibido su
    1 su mensaje .. recibido, número de ticket, gracias por contactar, gracias por ponerse, número de solicitud
    1 abbiamo ricevuto la, sua richiesta .. ricevuta, sua richiesta .. registrata, numero di ticket, grazie per averci
    1 richiesta è stata, presa in carico, uw bericht .. ontvangen, uw vraag .. ontvangen, uw aanvraag .. ontvangen
    1 hebben uw .. ontvangen, bedankt voor uw bericht, zgłoszenie .. przyjęte, zgłoszenie .. zarejestrowane
    1 otrzymaliśmy .. zgłoszenie, otrzymaliśmy .. wiadomość, numer zgłoszenia, recebemos a sua, recebemos o seu
    1 pedido foi, solicitação foi, har mottagit, har modtaget, har mottatt, ärendenummer, olemme vastaanottaneet
    1 přijali jsme, megkaptuk, talebiniz .. alın*, обращение .. принято, обращение .. зарегистрировано
    1 заявка .. принята, your ticket .. created, your ticket, your case number, your incident, incident .. opened
    1 status new, priority 4, agent will, leave the subject unchanged, keep the subject, when you reply
    1 thank you for your email, thank you for your e mail, thank you for your message, thank you for your enquiry
    1 thanks for your email, thanks for your message, danke für ihre nachricht, dank für ihre nachricht
    1 danke für ihre e mail, dank für ihre e mail, dank für ihre mail, merci pour votre message
    1 merci de votre message, nous avons bien reçu, enregistrée sous, gracias por su mensaje, gracias por su correo
    1 grazie per il suo messaggio, grazie per averci scritto, bedankt voor uw mail, bedankt voor uw e mail
    1 dziękujemy za wiadomość, dziękujemy za kontakt, tack för ditt, tak for din, takk for din, kiitos viestistäsi
    1 kiitos yhteydenotostasi
    """,
    Says.CHALLENGES: """
    1 click the link .. receive, click this link, click on the link .. receive, click .. to release
    1 click .. to deliver, receiving junk mail, protecting myself from, protect .. from spam, junk mail, anti spam
    1 spamschutz, spam protection, confirm that you are, prove that you are, verify that you are, you are a human
    1 you are a person, not a robot, message is being held, message is on hold, mail is being held
    1 message has been held, been quarantined, in quarantine, until you confirm, only have to do this once
    1 won't have to do this again, this one time, just this once, add you to .. approved, approved senders
    1 allowed senders, liste der erlaubten, cliquez sur le lien, haga clic en el enlace, not a machine
    1 will be delivered, to release it, not been delivered yet, one time step, approve your message, moderator
    1 for approval, is being held, is a subscriber, non member, genuine sender, real person
    """,
    Says.SEEN: """
    1 your message .. was read, your message .. read on, was read on, was displayed on, was opened on, return receipt
    1 read receipt, delivery receipt, deleted without being read, message was delivered to, has been delivered to
    1 lesebestätigung, wurde gelesen, wurde .. gelesen am, accusé de lecture, accusé de réception, a été lu
    1 acuse de recibo, confirmación de lectura, fue leído, conferma di lettura, è stato letto, leesbevestiging
    1 is gelezen, potwierdzenie odczytu, potwierdzenie przeczytania, została przeczytana, recibo de leitura, läskvitto
    1 kvittering for lesing, has accepted this, has declined this, has tentatively, accepted this invitation
    1 declined this invitation, hat diese einladung, hat die einladung, a accepté, a refusé, ha aceptado, ha rechazado
    1 ha accettato, ha rifiutato, heeft deze uitnodiging, zaakceptował*, odrzucił*, your message to subject
    1 ihre nachricht an betreff, votre message à, su mensaje para, has been delivered, delivered to the following
    1 was deleted without, notification type, state down, state up, host name, sent by diskstation, disk usage
    1 backup completed, backup job, cron, scheduled report
    """,
    Says.SENT_TO_MANY: """
    1 unsubscribe, view .. in your browser, view this email, view online, manage .. preferences, email preferences
    1 you are receiving this, you received this .. because, newsletter, dad danysgrifio, abmelden, abbestellen
    1 se désabonner, désinscri*, désabonnement, darse de baja, cancelar .. suscripción, annulla .. iscrizione
    1 cancellati, disiscri*, afmelden, uitschrijven, wypisz*, rezygnacja z, cancelar a inscrição
    1 avsluta prenumeration, view .. in .. browser, you subscribed, privacy policy, this month on, special offer
    1 offers, follow us, all rights reserved
    """,
    Says.WISHES: """
    1 i want, i need, i would like, i'd like, i wish, i demand, i refuse, i can't, i cannot, i owe, i paid
    1 i have paid, i moved, i was charged, could you, can you, would you, please cancel, please change, please stop
    1 please refund, please explain, please send me, please update, please take, please tell me, please ring
    1 please call me, please let me, please confirm, please close, please move, please add, please remove
    1 please correct, ring me, call me, ich möchte, ich will, ich brauche, ich kündige, hiermit kündige, bitte ändern
    1 bitte senden, bitte schicken, bitte rufen, bitte stornieren, können sie, könnten sie, je veux, je voudrais
    1 je souhaite, je vous demande, pouvez vous, pourriez vous, quiero, quisiera, necesito, solicito, podrían, pueden
    1 vorrei, voglio, chiedo, desidero, potete, potreste, ik wil, ik zou, verzoek ik, kunt u, wilt u, chcę, chciałbym
    1 chciałabym, proszę o zmianę, proszę o wyjaśnienie, czy mogą, czy mogę, hoffwn, rydw i eisiau, rwyf eisiau
    1 allwch chi, bitte ich, ich bitte, bitte um, please do not, please don't, please leave, please charge, please pay
    1 please put, please hold, please pause, je demande, je vous prie, ruego, le ruego, les ruego, chiedo di, prego di
    1 graag, gelieve, uprzejmie proszę, proszę nie, i still, i never, you wrote, you said, you promised, you have not
    1 you did not, you didn't, no answer, not agree, contact me, write to me, i would rather, please ring me
    1 please phone me, new contact is, merci de reporter, i set up, i accepted, i was given, i ever, where is, why
    1 i am waiting, i have written, i told, unsubscribe me
    """,
    Says.MATTERS: """
    1 my bill, my bills, the bill, your bill, our bill, this bill, my invoice, the invoice, your invoice, our invoice
    1 direct debit, my payment, the payment, our payment, my account, our account, my contract, my line, my broadband
    1 my router, my phone, late fee, reminder, refund, fy mil, y bil, fy nghyfrif, debyd uniongyrchol, fy nhaliad
    1 meine rechnung, die rechnung, ihre rechnung, lastschrift, mahnung*, mein konto, mein vertrag, abgebucht
    1 überwiesen, ma facture, la facture, votre facture, prélèvement, mon compte, mon contrat, mi factura, la factura
    1 su factura, domiciliación, mi cuenta, mi contrato, la mia fattura, la fattura, vostra fattura, addebito
    1 bolletta, il mio contratto, mijn factuur, de factuur, uw factuur, incasso, mijn rekening, mijn contract
    1 rachunek, rachunku, fakturę, faktury, umowę, bill, bills, my invoices, pay, paid, paying, money, payment
    1 engineer, appointment, charged, charge, cancel, tariff, broadband, rechnung, zahlen, bezahlen, termin, facture
    1 payer, rendez vous, factura, pagar, fattura, pagare, factuur, betalen, zapłacić, bil, talu
    """,
}
WHOLE: Final = {
    Says.DECLARES: (
        "自動送信", "自動返信", "自動応答", "自動配信", "系统自动", "自动回复", "自动发送", "自動回覆", "자동 회신",
        "자동회신", "자동 응답", "자동 발송",
    ),
    Says.AWAY: ("不在", "休暇", "出張", "休假", "不在办公室", "出差", "부재", "휴가"),
    Says.LATER: ("戻り次第", "復帰後", "後日", "返回后", "尽快回复", "盡快回覆", "복귀"),
    Says.INSTEAD: ("お急ぎ", "緊急", "紧急", "急事", "긴급", "급한"),
    Says.TAKEN: ("受け付けました", "受付いたしました", "承りました", "已收到您", "已受理", "접수"),
}  # fmt: skip
"""Where no blanks part the words."""
TITLES: Final = """
    1 out of office, out of the office, have left, has left, no longer with, no longer at, received your
    1 request received, ticket .. received, ticket received, ticket created, ticket .. created, enquiry received
    1 message received, verification, verify your, thank you for contacting, thank you for your, thanks for contacting
    1 on leave, on holiday, on vacation, read, not read, delivered, zusage, absage, gelesen, lu, leído, letto, gelezen
    1 przeczytano, accepted, declined, tentative, tentatively accepted, zugesagt, abgesagt, accepté, refusé, aceptado
    1 aceptada, rechazado, accettato, geaccepteerd, zaakceptowano, anfrage .. erhalten, eingangsbestätigung, im urlaub
    1 nicht im büro, nicht mehr, accusé de réception, bien reçu, absence, absent, en congés, acuse de recibo
    1 hemos recibido, ausente, vacaciones, ricevuto, presa in carico, in ferie, fuori ufficio, ontvangstbevestiging
    1 ontvangen, vakantie, afwezig, potwierdzenie, otrzymaliśmy, urlop, nieobecność, semester, ferie, lomalla
    1 service alert, host alert, problem service, problem host, recovery service, recovery host
    1 dovolená, confirm your, please confirm your, allan o'r swyddfa, your ticket, your request
    """
"""What subjects of such mail say; people's say it too."""
