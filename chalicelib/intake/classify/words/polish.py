"""Polish."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

POLISH: Final = Lexicon(
    language="pl",
    intents={
        Intent.BILL_QUESTION: """
        4 nie rozumiem .. rachunku, nie rozumiem .. faktury, wyjasni* .. rachun*, wyjasni* .. faktur*
        4 dlaczego .. rachunek, dlaczego .. faktura, pytanie o rachunek, pytanie o fakture
        4 pytanie dotyczace .. faktury, pytanie dotyczace .. rachunku, kopie .. faktury, kopia .. faktury
        4 kopie .. rachunku, kopia rachunku, duplikat, faktura vat, fakture vat, rachunek .. wyzszy, faktura .. wyzsza
        3 wyzszy niz, wyzsza niz, wiecej niz, co to jest, co oznacza, za co, kiedy .. faktura, kiedy .. rachunek
        3 nie dostalem .. faktury, nie dostalam .. faktury, nie otrzymalem .. faktury, na fakturze, na rachunku
        3 proporcjonal*, rozliczeni*, potwierdzenie adresu
        2 wyjasni*, rozumiem, pozycja, pozycje, vat, okres rozliczeniowy
        1 rachun*, faktur*, oplat*, kwot*
        """,
        Intent.PAYMENT: """
        4 polecenie zaplaty, polecenia zaplaty, platnosc .. odrzucona, karta .. odrzucona, juz zaplacil*, zaplacilem
        4 zaplacilam, zaplacone, na raty, w ratach, raty, rata, splac*, przelew*, nie stac mnie, nie moge zaplacic
        4 nie mam z czego, odroczen*, wezwanie do zaplaty, przypomnienie, ponaglenie, zaleg*, termin platnosci
        4 jak moge zaplacic, moge zaplacic, czy moge zaplacic, potwierdzenie wplaty, nadplat*, zwrot nadplaty, blik
        3 zwrot pieniedzy, zwrot, dlug, dluzni*, gotowka, ksiegowa*, zaksiegowa*, wplata, wplate
        2 platnos*, zaplac*, zaplat*, wplac*, karta, karte
        1 bank, konto, pieniadz*
        """,
        Intent.DISPUTE: """
        4 naliczono dwa razy, naliczono .. dwukrotnie, dwa razy, podwojn*, dwukrotnie, reklamacj*, reklamuj*
        4 blad na rachunku, blad na fakturze, bledna faktura, bledny rachunek, blednie .. naliczon*, nie zamawial*
        4 nigdy nie zamawial*, nieslusznie, nieprawidlow*, kwestionuj*, nie zgadzam sie, nie zgodzil*, nie wyrazal*
        4 anulowanie .. kary, anulowanie .. oplaty, pobrano .. za duzo, pobrano, pobraliscie, oszustwo, korekte
        4 korekta, nie zaplace, nie rozpoznaje, nigdy nie korzystal*, nie korzystal*, zwrot .. pobran*
        3 naliczon*, naliczyli, obiecan*, mialo byc, mial byc, kara, kary, niezgodn*, zamiast
        2 blad, bledn*, pomylk*, pomylka, oczekuje
        """,
        Intent.DETAILS_CHANGE: """
        4 zmiana adresu, zmiane adresu, zmianie adresu, zmienic adres, nowy adres, nowego adresu, przeprowadz*
        4 zmiana nazwiska, zmiane nazwiska, nowe nazwisko, zmienilam nazwisko, nowy numer telefonu, nowy numer
        4 nowy numer konta, nowy mail, nowy e mail, nowy adres e mail, zmiana danych, zmiane danych, zmienic dane
        4 aktualizacj*, zaktualizowa*, zmienil* bank, zmienilam bank, zmienilem bank, pelnomocni*, upowaznien*
        4 upowazni*, przepisa* .. umow*, przepisanie, cesja, po slubie, wyszlam za maz, literowka, blad w nazwisku
        4 na moje nazwisko, opiekun* prawn*
        3 adres do korespondencji, dane kontaktowe, danych, nazwisko, nazwiska, poprawic
        2 adres, dane, imie
        """,
        Intent.PLAN_CHANGE: """
        4 zmiana taryfy, zmienic taryfe, zmiane taryfy, zmienic plan, zmiana planu, zmiane planu, zmiana pakietu
        4 zmienic pakiet, zmienic abonament, zmiana abonamentu, zmiane abonamentu, tanszy, tansza, tansze
        4 szybszy internet, szybszy, wiecej danych, wiecej gb, przedluzyc, przedluzenie, przedluzeni*, wiekszy pakiet
        4 swiatlowod*, przejsc na, dodac .. numer, dodatkow*, druga karta, roaming, zawiesic, zawieszenie, wlaczyc
        4 dokupic, wylaczyc .. kanaly, upgrade, nowy telefon .. umow*
        3 taryf*, pakiet*, abonament*, oferta, oferty, oferte, promocj*, gb, giga
        2 plan, umowa, umowe, kanaly, zmienic
        """,
        Intent.COMPLAINT: """
        4 skarga, skarge, skargi, zazaleni*, niedopuszczaln*, skandal*, fatalna, fatalny, fatalne, zenujac*
        4 niegrzeczn*, niemil*, nieuprzejm*, arogan*, rozlaczyl*, nikt nie odpowiada, nikt nie odpisuje
        4 nikt nie oddzwonil, nikt nie, brak odpowiedzi, bez odpowiedzi, przeprosin*, kierownik*, przelozon*
        4 lekcewaz*, jakosc obslugi, obsluga .. beznadziejna, nie przyjechal, nie pojawil sie
        3 trzeci raz, czwarty raz, kolejny raz, rozczarowan*, oburzon*, czekam, czekalem, czekalam, infolini*
        3 na linii, godzin, tygodni
        2 konsultant*, oddzwoni*, rozmow*, obslug*
        """,
        Intent.CANCELLATION: """
        4 wypowiedzenie, wypowiadam, wypowiedziec, wypowiedzenia, rozwiazac umowe, rozwiazanie umowy, rozwiazuje
        4 rezygnuje, rezygnacj*, zrezygnowac, zamknac konto, zamkniecie konta, odstapienie, odstepuje, odstapic
        4 zakonczyc umowe, zakonczenie umowy, przeniesienie numeru, innego operatora, inny operator, przenosze
        4 okres wypowiedzenia, anulowac umowe, anulowac zamowienie
        3 zakonczyc, nie potrzebuje juz, juz nie potrzebuje, zerwac, wyjezdzam, zwrocic router
        2 zmarl*, koniec, umowe, umowy
        """,
        Intent.ACCESS: """
        4 haslo, hasla, haslem, zalogowac, logowani*, loguj*, konto zablokowane, zablokowane konto, zablokowal*
        4 kod weryfikacyjny, kod sms, nie moge wejsc, nie moge sie dostac, nazwa uzytkownika, login, loginu
        4 dostep do konta, odzysk*, zresetowac, reset hasla, puk, zarejestrowac
        3 kod, kodu, aplikacj*, dostep, pin, portal
        2 stron*, online, sms
        """,
        Intent.PRAISE: """
        4 swietna obsluga, doskonala obsluga, super obsluga, pochwal*, bardzo zadowolon*, wspanial*, bardzo mila
        4 bardzo mily, bardzo mili, profesjonaln*, dziekuje za szybk*, dziekuje za pomoc, dziekuje za cierpliwosc
        4 dziekuje za, dziekuje pan*, bardzo dziekuje .. za, podziekowan*, podziekowac, brawo, wielkie dzieki, gratul*
        4 jestem zadowolon*, swietnie, polecam
        3 cierpliw*, uprzejm*, sympatyczn*, zyczliw*, sprawnie, zadowolon*, wszystko dziala, mila, pomocn*
        2 dziekuje, dzieki, super, dobrze
        """,
        Intent.OTHER: """
        4 brak internetu, nie ma internetu, brak zasiegu, nie ma zasiegu, brak sygnalu, nie dziala, awaria, awarii
        4 awarie, technik*, praca, pracy, cv, rekrutacj*, prasa, dziennikarz*, phishing, czy to prawdziwy
        4 czy ten mail, oszustwo .. mail, ankiet*, praca magisterska, sponsor*, godziny otwarcia, salon, reklam*
        4 nie mieszka tu, list do, pomylkowo
        3 internet .. wolny, wolny internet, router, siec, zasieg, kabel, slup, przerw*
        2 telewizj*, obraz
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 skarga, skarge, skargi, zazaleni*, reklamacj*, reklamuj*, niedopuszczaln*, skandal*, fatalna, fatalny
        1 fatalne, niegrzeczn*, oszust*, oburz*, rozczarowan*, trzeci raz, czwarty raz, nie zamawial*, nieslusznie
        1 kwestionuj*, nie zgadzam sie, nikt nie odpowiada, nikt nie oddzwonil, rozlaczyl*, zenujac*, przeprosin*
        1 nie jestem zadowolon*, kierownik*
        1 wstyd, oburzon*, po raz kolejny, nikt nie przyszedl, nikt nie przyjechal, niezadowolon*, mam dosc, zenada
        1 kpina
        """,
        Sign.LEGAL: """
        1 prawnik*, adwokat*, radca prawny, sad, sadu, sadowa, sadowe, uokik, uke, rzecznik*, rodo, ochrony danych
        1 policj*, prokuratur*, komornik*, pozew, droga prawna, kroki prawne, ombudsman
        """,
        Sign.VULNERABLE: """
        1 zmarl, zmarla, smierc, smierci, pogrzeb*, wdowa, wdowiec, szpital*, rak, raka, nowotwor, niepelnosprawn*
        1 depresj*, bezrobotn*, stracilem prace, stracilam prace, zwolnil*, zwolnieni*, zasilek, zasilku, dlugi
        1 dlugow, zadluzen*, niewidom*, niedowidz*, gluch*, nieslysz*, w ciazy, ciaza, chory, chora, choroba, choroby
        1 operacji, operacja, wypadek, wypadku, demencj*, opiekun*, wozek, renta, renty, przemoc*, rozwod*
        1 przycisk alarmowy, mieszka sama, mieszka sam, dializ*, wozku, niewidom*, chemioterapi*
        """,
        Sign.URGENT: """
        1 pilne, pilnie, natychmiast, jak najszybciej, odlacz*, odlaczon*, dzisiaj, jeszcze dzis, ostateczne wezwanie
        1 niezwlocznie
        1 jutro .. wylaczony, jutro .. wylaczycie, jutro .. odlaczycie, odlaczycie, jeszcze dzisiaj, zablokujcie
        1 niebezpiecz*, alarmowy, nie wylaczac, zerwany kabel
        """,
        Sign.ANGRY: """
        1 skandal*, oszust*, wsciek*, oburz*, niedopuszczaln*, rozczarowan*, fatalna, fatalny, fatalne, trzeci raz
        1 czwarty raz, zenujac*, niegrzeczn*, zlodziej*, nie jestem zadowolon*, rozlaczyl*, absurd*, kpina, kpiny
        """,
        Sign.GLAD: """
        1 swietn*, doskonal*, bardzo zadowolon*, wspanial*, dziekuje za, bardzo dziekuje, podziekowan*, super, brawo
        1 polecam, dziekuje pan*
        """,
    },
    common="nie się jest na proszę mam mój moja mnie że za jak od przez dzień dobry czy w z do po już to i o",
    negations="nie nigdy bez ani",
)
