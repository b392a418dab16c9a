"""German."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

GERMAN: Final = Lexicon(
    language="de",
    intents={
        Intent.BILL_QUESTION: """
        4 rechnung .. nicht versteh*, rechnung erklaren, erklaren .. rechnung, frage zu .. rechnung
        4 frage zur rechnung, fragen zu .. rechnung, fragen zur rechnung, kopie .. rechnung, rechnungskopie
        4 einzelverbindungsnachweis, warum ist .. rechnung, wieso ist .. rechnung, rechnung .. hoher
        3 hoher als, teurer als, was bedeutet, wofur ist, wofur steht, setzt sich zusammen, zustande kommt
        3 zustande kommen, wann kommt .. rechnung, rechnung .. nicht erhalten, keine rechnung, schlussrechnung
        3 anteilig*, erklaren, aufschlusselung, steuererklarung, wohnsitznachweis, abrechnungszeitraum
        2 posten, position, verstehe, rechnung .. schicken, rechnung .. zusenden, papierrechnung, mehrwertsteuer, mwst
        2 ust
        1 rechnung*, gebuhr*, betrag*, abrechnung*, grundgebuhr
        """,
        Intent.PAYMENT: """
        4 ratenzahlung*, in raten, raten, zahlungsaufschub, stundung, nicht zahlen, nicht bezahlen
        4 kann .. nicht zahlen, lastschrift .. fehlgeschlagen, zahlung fehlgeschlagen, karte .. abgelehnt
        4 bereits bezahlt, schon bezahlt, bereits uberwiesen, mahnung*, zahlungserinnerung
        4 versehentlich .. uberwiesen, doppelt uberwiesen, zahlungseingang, guthaben auszahlen, guthaben erstatten
        3 lastschrift*, einzugsermachtigung, sepa, uberweis*, uberwiesen, habe .. bezahlt, abgebucht, abbuchung
        3 abgebucht wird, ruckerstattung, ruckzahlung, zahlungsziel, spater zahlen, zahlungsplan, dauerauftrag
        3 kreditkarte, bar bezahlen, quittung, beleg
        2 zahlung*, bezahlen, bezahlt, zahlen, guthaben, schulde, gehalt
        1 bank, konto, geld, karte
        """,
        Intent.DISPUTE: """
        4 doppelt .. abgebucht, doppelte abbuchung, doppelt .. berechnet, zweimal .. abgebucht, zweimal .. berechnet
        4 falsch berechnet, falsch abgerechnet, zu viel .. berechnet, zuviel .. berechnet, zu viel .. abgebucht
        4 rechnung .. falsch, falsche rechnung, fehler .. rechnung, nie bestellt, nicht bestellt, nie beauftragt
        4 nicht beauftragt, widerspreche, widerspruch, nicht vereinbart, zu unrecht, unberechtigt*, reklamier*
        4 beanstand*, rechnung .. stimmt nicht, nie genutzt, nie zugestimmt, betrug, gutschrift, zahle ich nicht
        4 nicht akzeptier*
        3 stimmt nicht, fehlerhaft*, zuruckerstatt*, geld zuruck, zugesagt, versprochen, trotz kundigung, korrigieren
        3 korrektur, zweimal, doppelt, nicht von mir
        2 falsch*, fehler, erwarte, stattdessen, sondern
        """,
        Intent.DETAILS_CHANGE: """
        4 adressanderung, neue adresse, adresse .. andern, adresse .. geandert, umgezogen, umzug, neue anschrift
        4 anschrift .. geandert, namensanderung, neuer name, neuen namen, nachname .. geandert, geheiratet
        4 neue telefonnummer, neue handynummer, neue nummer, neue e mail, neue email, neue mailadresse
        4 neue bankverbindung, neue kontoverbindung, neue iban, bankverbindung .. geandert, daten .. andern
        4 daten .. aktualisieren, ziehe um, ziehen um, ziehe .. um, vollmacht, bevollmachtig*, betreuer*, umschreiben
        4 ansprechpartner*, auf meinen namen, namen .. falsch, falsch geschrieben
        3 anschrift, stammdaten, kontaktdaten, rechnungsadresse, hinterlegen, vertrag ubernehmen, eintragen
        2 adresse, nachname, vorname, bankverbindung, iban, telefonnummer
        """,
        Intent.PLAN_CHANGE: """
        4 tarifwechsel, tarif .. wechseln, tarif .. andern, anderen tarif, anderer tarif, gunstigeren tarif
        4 gunstigerer tarif, gunstigerer, hoheren tarif, vertragsverlangerung, vertrag .. verlanger*
        4 mehr datenvolumen, schnelleres internet, schneller*, option .. buchen, zubuchen, dazubuchen, hinzubuchen
        4 upgrade*, wechseln .. tarif, auf glasfaser, glasfaser, zusatzkarte, zweite karte, pausieren, paket .. andern
        4 umstellen auf, neues handy, datenoption
        3 tarif*, datenvolumen, paket, option, gb, angebot*, flatrate, roaming, bestandskunde*
        2 vertrag, wechseln, urlaub, verlangern, internetanschluss
        """,
        Intent.COMPLAINT: """
        4 beschwerde*, beschwere*, mich beschweren, unverschamt*, schlechter service, schlechten service
        4 unfreundlich*, aufgelegt, niemand meldet, keine antwort, keine ruckmeldung, niemand antwortet
        4 entschuldigung .. erwarte, warteschleife, zum dritten mal, zum vierten mal, zum wiederholten mal
        4 vorgesetzten, ruckruf .. versprochen, frechheit, unhoflich*, inakzeptabel, unzumutbar
        4 termin .. nicht erschienen, niemand gekommen
        3 enttausch*, seit wochen, verargert, arger, kundenservice .. schlecht, unmoglich, vertrostet, abgewimmelt
        3 hingehalten, respektlos, stundenlang, mehrfach, bundesnetzagentur
        2 mitarbeiter, hotline, ruckruf, telefonisch
        """,
        Intent.CANCELLATION: """
        4 kundigung*, kundige, kundigen, gekundigt, vertrag .. beenden, beenden .. vertrag, widerruf, widerrufe
        4 widerrufen, anbieterwechsel, anbieter .. wechseln, anderen anbieter, rufnummernmitnahme, portierung
        4 abmelden, stilllegen, zum nachstmoglichen
        3 fristgerecht, kundigungsfrist, sonderkundigung*, vertragsende, beenden, beendigung, auflosen
        3 nicht mehr benotig*, brauche .. nicht mehr
        2 verstorben*, zuruckschicken, laufzeit, ende
        """,
        Intent.ACCESS: """
        4 passwort*, kennwort, nicht einloggen, nicht anmelden, anmelden .. nicht, login, zugang .. gesperrt
        4 konto .. gesperrt, kundenkonto .. gesperrt, zugangsdaten, einloggen, anmeldung .. nicht, bestatigungscode
        4 sicherheitscode, benutzername, kundenportal, zugriff, ausgesperrt, freischalten, registrier*, puk
        3 code, app, gesperrt, anmelden, portal, pin, online konto, kundenkonto, komme .. nicht .. rein, zurucksetzen
        2 online, seite, website
        """,
        Intent.PRAISE: """
        4 toller service, tolle hilfe, super service, guter service, ausgezeichnet*, hervorragend*, lob
        4 ein grosses lob, sehr zufrieden, sehr freundlich*, herzlichen dank, vielen dank an, vielen dank fur die
        4 vielen dank fur ihre, dank fur die schnelle, danke fur die, danke fur den, danke an, tausend dank
        4 super geklappt, hat alles geklappt, begeistert, weiter so, kompliment, grossartig*, bin sehr froh
        3 freundlich, kompetent*, geduld, geduldig*, schnell gelost, top, klasse, prima, wunderbar, dankeschon, spitze
        3 zufrieden
        2 danke, toll, super, nett*
        """,
        Intent.OTHER: """
        4 storung, kein internet, kein telefon, kein netz, kein empfang, keinen empfang, ausfall, techniker
        4 geht nicht mehr, funktioniert nicht, bewerbung, stellenangebot*, arbeitsplatz, masterarbeit, bachelorarbeit
        4 presseanfrage, phishing, spam, ist diese mail echt, irrlaufer, werbung, offnungszeiten, spende, umfrage
        4 falscher empfanger, filiale
        3 langsam*, router, unterbroch*, archiv, lebenslauf, netz, empfang, kabel
        2 fernsehen, bild, student*
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 beschwerde*, beschwere*, beschweren, unverschamt*, frechheit, inakzeptabel, reklamier*, schlechter service
        1 bundesnetzagentur, enttausch*, zum dritten mal, das dritte mal, zum vierten mal, doppelt .. abgebucht
        1 doppelte abbuchung, zweimal .. abgebucht, nie bestellt, nicht bestellt, zu unrecht, widerspreche, betrug
        1 abzocke, unfreundlich*, verargert, keine antwort, zu viel .. berechnet
        1 schon wieder, kam keiner, kam niemand, keiner gekommen, niemand gekommen, gluckwunsch zum, unfassbar
        1 nicht hinnehmbar, enttauscht, unzufrieden, zum wiederholten, vertrostet, hinhalt*, im stich, reicht es
        1 reicht's, das kann doch nicht, beschwer*, bodenlos*
        """,
        Sign.LEGAL: """
        1 anwalt, anwaltin, rechtsanwalt*, gericht, gerichtlich*, klage, rechtliche schritte, rechtsweg
        1 verbraucherzentrale, verbraucherschutz*, bundesnetzagentur, datenschutz*, dsgvo, schlichtungsstelle
        1 ombudsmann, inkasso, strafanzeige, polizei
        1 mahnbescheid, rechtsschutz*, datenschutzbehorde
        """,
        Sign.VULNERABLE: """
        1 verstorben*, gestorben, todesfall, tod, sterbeurkunde, beerdigung, witwe, witwer, krebs, krankenhaus, krank
        1 krankheit, behinder*, schwerbehindert*, rollstuhl, depression*, arbeitslos*, arbeitsplatz verloren
        1 job verloren, schulden, schuldnerberatung, insolvenz, pflegefall, pflegeheim, pflege, betreuer*, blind
        1 sehbehindert*, gehorlos*, schwerhorig*, schwanger, demenz, schlaganfall, unfall, nicht leisten, suizid*
        1 burgergeld, gewalt, reha, operation
        1 dialyse, rollstuhl, hausnotruf, lebt allein, pflegebedurftig*, chemo*
        """,
        Sign.URGENT: """
        1 dringend*, eilig, sofort, umgehend, unverzuglich, abgeschaltet, sperrung, heute noch, notfall
        1 schnellstmoglich, so schnell wie moglich, letzte mahnung
        1 morgen sperren, morgen gesperrt, morgen abgestellt, bitte sperren, im minus, miete .. geplatzt
        1 jemand ist in, fremder zugriff, kabel hangen, kabel liegen, liegen frei, gefahr, gefahrlich, hausnotruf
        1 notruf, schnell jemanden
        1 noch diese nacht, sofort zuruck
        """,
        Sign.ANGRY: """
        1 unverschamt*, frechheit, inakzeptabel, wutend, enttausch*, betrug, abzocke, das dritte mal, zum dritten mal
        1 unzumutbar, verargert, unfreundlich*, stimmt nicht, unmoglich, skandal*, schlechter service, ich drehe
        1 argerlich, lacherlich
        """,
        Sign.GLAD: """
        1 toller, toll, super, hervorragend*, ausgezeichnet*, sehr zufrieden, herzlichen dank, vielen dank an
        1 vielen dank fur, begeistert, top, klasse, danke fur die, prima, grossartig*
        """,
    },
    common=(
        "der die das und ich nicht ist mit meine meinen mein sie ein eine bitte habe wir auf zu den für von "
        "es im ihr ihre guten tag"
    ),
    negations="nicht kein keine keinen nie niemals ohne",
)
