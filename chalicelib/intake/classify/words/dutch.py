"""Dutch."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

DUTCH: Final = Lexicon(
    language="nl",
    intents={
        Intent.BILL_QUESTION: """
        4 begrijp .. rekening, begrijp .. factuur, begrijpen .. rekening, begrijpen .. factuur, waarom is .. rekening
        4 waarom is .. factuur, vraag over .. rekening, vraag over .. factuur, vragen over .. factuur
        4 kopie .. factuur, kopie .. rekening, factuur .. toesturen, factuur .. hoger, rekening .. hoger
        4 hogere rekening, uitleg .. factuur, uitleggen .. factuur, uitleg .. rekening
        3 hoger dan, duurder dan, wat betekent, waar is dat voor, waar is dit voor, waarvoor is, wat is dit
        3 wanneer komt .. factuur, geen factuur ontvangen, naar rato, specificatie, op mijn factuur staat
        3 op de factuur staat, staat op .. rekening, aangifte, eindafrekening, papieren factuur
        2 begrijp, begrijpen, uitleggen, regel, btw, bewijs van adres, eenmalig*
        1 rekening*, factuur, facturen, kosten, bedrag
        """,
        Intent.PAYMENT: """
        4 automatische incasso, incasso, betaling mislukt, betaling .. geweigerd, kaart .. geweigerd, pas .. geweigerd
        4 al betaald, heb betaald, betaald heb, heb .. betaald, betalingsregeling, in termijnen, termijnen
        4 gespreid betalen, overgemaakt, aanmaning, herinnering, niet betalen, kan .. niet betalen, later betalen
        4 uitstel van betaling, betaaldatum, hoe kan ik betalen, kan ik betalen, betaalbewijs, tegoed .. terug, saldo
        3 overmaken, overboeking, betaalachterstand, achterstand, contant, storneren, gestorneerd, openstaand*
        3 schuldig, betaallink, terugbetaling .. niet
        2 betaling*, betalen, betaald, terugbetaling, salaris, tegoed
        1 bank, pas, geld
        """,
        Intent.DISPUTE: """
        4 dubbel afgeschreven, dubbel .. afgeschreven, dubbel in rekening, dubbel berekend, dubbel gefactureerd
        4 twee keer afgeschreven, twee keer .. afgeschreven, twee keer betaald, twee keer in rekening, betwist*
        4 rekening .. klopt niet, factuur .. klopt niet, fout op .. factuur, fout op .. rekening, fout in de factuur
        4 nooit besteld, niet besteld, nooit aangevraagd, niet aangevraagd, nooit om gevraagd, nooit afgenomen
        4 niet afgesproken, te veel betaald, teveel betaald, te veel berekend, te veel in rekening
        4 te veel afgeschreven, onterecht*, ten onrechte, niet akkoord, herken .. niet, fraude, crediteren, creditnota
        4 bezwaar, betaal ik niet, weiger te betalen, onjuist*
        3 klopt niet, beloofd, afgesproken, terugstorten, dubbele bedrag, geld terug, nog steeds in rekening
        3 in plaats van, toegezegd, korting .. niet
        2 fout, fouten, verkeerd*, afgeschreven
        """,
        Intent.DETAILS_CHANGE: """
        4 adreswijziging, nieuw adres, adres wijzigen, adres .. wijzigen, adres .. veranderen, verhuisd, verhuizen
        4 verhuizing, verhuis, nieuw telefoonnummer, nieuw nummer, nieuw e mailadres, nieuwe e mail, nieuw mailadres
        4 gegevens wijzigen, gegevens .. wijzigen, gegevens .. aanpassen, gegevens .. bijwerken, nieuw rekeningnummer
        4 rekeningnummer .. gewijzigd, nieuwe bank, nieuwe achternaam, naamswijziging, naam .. wijzigen
        4 naam .. aanpassen, volmacht, gemachtigd*, bewindvoerder, op naam, op mijn naam, verkeerd gespeld
        4 tenaamstelling, getrouwd, contactpersoon, huwelijk
        3 gegevens, achternaam, wonen wij, factuuradres, overzetten, naam
        2 adres, aanpassen, e mailadres, telefoonnummer, iban
        """,
        Intent.PLAN_CHANGE: """
        4 abonnement wijzigen, abonnement .. wijzigen, abonnement veranderen, abonnement .. aanpassen
        4 abonnement verlagen, abonnement verhogen, ander abonnement, goedkoper abonnement, goedkoper, goedkopere
        4 sneller internet, sneller, upgraden, upgrade, downgraden, meer data, overstappen naar, overstappen op
        4 pakket .. wijzigen, verlengen, verlenging, glasvezel, extra lijn, tweede lijn, extra simkaart, toevoegen
        4 buitenlandbundel, roaming, pauzeren, zenderpakket, tv pakket, alleen internet, sim only
        3 abonnement*, pakket, bundel, aanbieding, korting, zenders, gb
        2 contract, internet, wijzigen, extra, vakantie
        """,
        Intent.COMPLAINT: """
        4 klacht, klachten, klagen, onacceptabel, schandalig, geschillencommissie, slechte service, waardeloos
        4 waardeloze, onbeschoft, onbeleefd, opgehangen, niemand reageert, niemand belt, niemand .. gebeld
        4 geen antwoord, geen reactie, excuses, leidinggevende, in de wacht, wachtrij, niet serieus genomen
        4 van het kastje naar de muur, niet komen opdagen, niemand gekomen, beneden alle peil
        3 derde keer, vierde keer, teleurgesteld, belachelijk, boos, zat, teruggebeld, terugbellen, wachten, beloofde
        3 beloofd .. bellen, weken, frustr*
        2 medewerker, klantenservice, gebeld, uur
        """,
        Intent.CANCELLATION: """
        4 opzeggen, opzegging, opgezegd, opzeg*, zeg .. op, beeindigen, abonnement stoppen, stopzetten
        4 stop .. abonnement, overstap naar een andere, andere provider, andere aanbieder, overgestapt, annuleren
        4 annulering, ontbinden, herroepen, herroeping, bedenktijd, contract .. beeindig*, afsluiten .. account
        4 nummerbehoud, account sluiten
        3 stoppen, opzegtermijn, niet meer nodig, retourneren, einddatum, boete
        2 overleden, einde, beeindig*
        """,
        Intent.ACCESS: """
        4 wachtwoord, inloggen, log .. in, inlog*, ingelogd, aanmelden lukt, account geblokkeerd
        4 account .. geblokkeerd, inlogcode, verificatiecode, beveiligingscode, kan niet inloggen, gebruikersnaam
        4 resetlink, resetten, toegang, mijn account, puk, registreren, geen code
        3 code, app, geblokkeerd, portaal, pincode, klantportaal
        2 online, website, account, sms
        """,
        Intent.PRAISE: """
        4 uitstekende service, geweldige service, goede service, fijne service, top service, complimenten, compliment
        4 heel tevreden, zeer tevreden, erg tevreden, erg vriendelijk, heel vriendelijk, bedankt voor, dank voor
        4 dank je wel voor, dank u wel voor, hartelijk dank voor, goed geholpen, snel geholpen, vriendelijk geholpen
        4 super geholpen, chapeau, pluim, top, geweldig*, bedankje
        3 vriendelijk*, geduld, geduldig*, tevreden, blij, opgelost, fijn, behulpzaam, netjes, snelle
        2 bedankt, dank, dankjewel, prima, goed, super
        """,
        Intent.OTHER: """
        4 storing, geen internet, geen televisie, geen tv, geen bereik, geen signaal, werkt niet, doet het niet
        4 valt .. weg, valt steeds uit, monteur, foutcode, zwart scherm, vacature*, sollicit*, pers, journalist
        4 phishing, is deze mail echt, nepmail, enquete, onderzoek, scriptie, sponsor*, openingstijden, winkel
        4 reclame, verkeerd bezorgd, woont hier niet, brief .. bezorgd
        3 traag, modem, router, netwerk, wifi, kabel, bereik
        2 brief, buren, scherm
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 klacht, klachten, klagen, onacceptabel, schandalig, waardeloos, onbeschoft, belachelijk, oplichting
        1 teleurgesteld, derde keer, vierde keer, dubbel afgeschreven, dubbel .. afgeschreven, nooit besteld
        1 niet besteld, onterecht*, ten onrechte, betwist*, niemand reageert, geen reactie, niet akkoord
        1 twee keer afgeschreven, boos, weiger te betalen, nooit aangevraagd, dubbele bedrag
        1 ontevreden, voor de zoveelste, niemand kwam, kwam niemand, niemand belt, ben er klaar mee, genoeg van
        """,
        Sign.LEGAL: """
        1 advocaat, rechtbank, rechter, consumentenbond, geschillencommissie, juridisch*, juridische stappen
        1 rechtsbijstand, ombudsman, avg, privacy, autoriteit persoonsgegevens, deurwaarder, politie, aangifte, acm
        1 ingebrekestelling, ingebreke
        1 kort geding
        """,
        Sign.VULNERABLE: """
        1 overleden, overlijden, gestorven, begrafenis, weduwe, weduwnaar, ziekenhuis, kanker, gehandicapt*, beperking
        1 depressie, depressief, werkloos, baan verloren, baan kwijt, ontslagen, schulden, schuldhulp*, schuldsanering
        1 doof, dove, slechthorend, blind, slechtziend, zwanger, ziek, ziekte, dementie, dement, bewindvoerder
        1 ongeluk, rolstoel, bijstand, uitkering, mishandel*, huiselijk geweld, verpleeghuis, mantelzorg*, operatie
        1 rondkomen
        1 dialyse, rolstoel, chemo*, woont alleen, alarmknop
        """,
        Sign.URGENT: """
        1 dringend, spoed, spoedig, onmiddellijk, zo snel mogelijk, afgesloten, afsluiten, vandaag nog, per direct
        1 noodgeval, meteen, direct nodig
        1 morgen .. afgesloten, sluit .. af, gevaar*, blokkeer, rood staan, sta rood, alarmknop, kabel hangt
        """,
        Sign.ANGRY: """
        1 schandalig, belachelijk, oplichting, boos, teleurgesteld, woedend, onacceptabel, waardeloos, onbeschoft
        1 derde keer, vierde keer, diefstal, zat van, klacht, niet normaal, niemand reageert
        """,
        Sign.GLAD: """
        1 uitstekend*, geweldig*, tevreden, complimenten, vriendelijk geholpen, bedankt voor, dank voor, top
        1 goed geholpen, snel geholpen, super
        """,
    },
    common=(
        "de het een en ik niet mijn is van voor met op dat heb wij graag bedankt kunt jullie aan te u mij er "
        "deze kan geen dag ook"
    ),
    negations="niet geen nooit zonder noch",
)
