"""Welsh."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

WELSH: Final = Lexicon(
    language="cy",
    intents={
        Intent.BILL_QUESTION: """
        4 esbonio .. bil, esbonio .. mil, egluro .. bil, egluro .. mil, deall .. bil, deall .. mil, pam mae .. mil
        4 pam mae .. bil, pam fod .. bil, copi o .. bil, copi o .. fil, copi o'm bil, copi o'r bil, cwestiwn am .. bil
        4 ymholiad .. bil, anfoneb tAW
        3 uwch na, mwy nag arfer, beth yw'r, beth ydy'r, beth mae .. olygu, pryd mae'r bil, pryd fydd .. bil
        3 bil cyntaf, bil terfynol, wedi codi o, wedi mynd i fyny
        2 esbonio, egluro, deall, ystyr, taw
        1 bil, mil, fil, biliau, filiau, anfoneb*, tal, ffi, swm, gost
        """,
        Intent.PAYMENT: """
        4 debyd uniongyrchol, talu .. bil, talu .. mil, talu .. fil, wedi talu, cynllun talu, methu talu
        4 methu fforddio, fforddio, rhandaliad*, taliad .. methu, cerdyn .. gwrthod, dyddiad talu, newid dyddiad
        4 trosglwyddiad banc, nodyn atgoffa, talu'n hwyr, mewn dyled, ad daliad, alla i dalu, modd talu, dalu
        3 taliad*, daliad, talu, dyled, derbynneb, siec, arian
        2 cerdyn, banc, cyflog, dal
        """,
        Intent.DISPUTE: """
        4 codi tal .. ddwywaith, ddwywaith, codi .. ddwywaith, camgymeriad .. bil, camgymeriad .. mil, tal anghywir
        4 bil anghywir, anghywir, heb archebu, ddim wedi archebu, wnes i ddim gofyn, wnes i ddim archebu, heb ofyn
        4 ddim yn cytuno, heb gytuno, gwrthod talu, tynnwch .. oddi ar, herio, twyll, ddim yn nabod, ddim yn adnabod
        4 gormod
        3 wedi codi, codi tal, credyd, addo, addawyd, cywiro, nid fy, ad dalu
        2 camgymeriad, gwall, cam
        """,
        Intent.DETAILS_CHANGE: """
        4 newid cyfeiriad, cyfeiriad newydd, newid fy nghyfeiriad, newid .. manylion, symud ty, wedi symud, newid enw
        4 newid fy enw, enw newydd, rhif newydd, rhif ffon newydd, ebost newydd, e bost newydd, manylion banc
        4 diweddaru, atwrneiaeth, priodi, sillafu, enw .. anghywir, person awdurdodedig, ar fy rhan
        3 cyfeiriad, manylion, enw, cyfenw
        2 newid, ebost, diweddar
        """,
        Intent.PLAN_CHANGE: """
        4 newid .. cynllun, newid .. nghynllun, newid .. pecyn, newid .. mhecyn, uwchraddio, israddio, pecyn rhatach
        4 rhatach, cynllun rhatach, cyflymach, band eang cyflymach, mwy o ddata, ffibr, ychwanegu .. llinell
        4 ychwanegu, adnewyddu .. contract, contract newydd, cynnig gwell, oedi, crwydro
        3 pecyn, cynllun, cytundeb, contract, data, cynnig, band eang
        2 teledu, sianel*, llinell, cyflymder, newid i
        """,
        Intent.COMPLAINT: """
        4 cwyn, cwyno, gwneud cwyn, gwyn, gwyno, gwasanaeth gwael, gwarthus, annerbyniol, cywilydd*, neb wedi ateb
        4 neb wedi ffonio, dim ateb, heb ateb, anghwrtais, digywilydd, ymddiheur*, rheolwr, siomedig
        4 gwasanaeth cymraeg
        3 trydydd tro, trydedd waith, pedwerydd tro, siom, disgwyl, aros, wythnosau, cael llond bol, ar y ffon am
        2 awr, oriau, neb, staff
        """,
        Intent.CANCELLATION: """
        4 canslo, ganslo, chanslo, dod a .. i ben, dod a'm contract i ben, terfynu, derfynu, cau .. cyfrif
        4 cau fy nghyfrif, gadael chi, newid darparwr, darparwr arall, cod pac, rhoi rhybudd, rhybudd
        4 dim angen .. mwyach, gorffen .. contract
        3 gadael, i ben, cyfnod rhybudd, dychwelyd .. llwybrydd, stopio
        2 bu farw, cau, gorffen
        """,
        Intent.ACCESS: """
        4 mewngofnodi, fewngofnodi, cyfrinair, nghyfrinair, anghofio .. cyfrinair, cod diogelwch, cod dilysu
        4 cloi allan, wedi cloi, wedi'i gloi, enw defnyddiwr, ailosod, cyfrif ar lein, nghyfrif ar lein
        4 methu mynd i mewn
        3 cod, ap, ar lein, mynediad, gwefan
        2 ffon symudol, pin
        """,
        Intent.PRAISE: """
        4 gwasanaeth gwych, gwasanaeth ardderchog, gwasanaeth da, diolch o galon, diolch yn fawr am
        4 diolch yn fawr iawn am, diolch am, diolch i, gwych, ardderchog, bendigedig, gwerthfawrog*, caredig, canmol
        4 hapus iawn, hynod o
        3 cymwynasgar, amyneddgar, cyfeillgar, hyfryd, da iawn, clod
        2 diolch, hapus, da
        """,
        Intent.OTHER: """
        4 dim signal, dim rhyngrwyd, dim band eang, dim cysylltiad, ddim yn gweithio, wedi torri, nam, peiriannydd
        4 swydd, swyddi, cais am swydd, y wasg, newyddiadurwr, sgam, arolwg, noddi, oriau agor, siop, rhif anghywir
        4 gwefru, drwsio, trwsio
        3 signal, llwybrydd, araf, rhwydwaith, wifi
        2 pentref, peiriant
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 cwyn, cwyno, gwyn, gwyno, gwarthus, annerbyniol, cywilydd*, gwasanaeth gwael, siomedig, siom, trydydd tro
        1 trydedd waith, anghwrtais, heb archebu, gwrthod talu, heb ateb, tal anghywir, codi .. arnaf
        1 dim yn hapus, ddim yn hapus, eto fyth, unwaith eto, neb yn ateb, neb yn dod, ddaeth neb, wedi cael digon
        """,
        Sign.LEGAL: """
        1 cyfreithiwr, cyfreithwyr, llys, ombwdsmon, ofcom, comisiynydd, comisiynydd y gymraeg, achos cyfreithiol
        1 cyfreithiol, diogelu data, safonau masnach, heddlu, beiliaid
        """,
        Sign.VULNERABLE: """
        1 bu farw, marw, farw, marwolaeth, angladd, gweddw, profedigaeth, dall, ddall, byddar, fyddar, anabl*, iselder
        1 canser, ysbyty, salwch, yn sal, colli fy swydd, di waith, dyled*, methu fforddio, gofalwr, dementia
        1 beichiog, cadair olwyn, credyd cynhwysol
        1 dialysis, cadair olwyn, byw ar ei phen, larwm
        """,
        Sign.URGENT: """
        1 brys, ar frys, ar unwaith, argyfwng, cyn gynted a phosibl, datgysylltu, heddiw, bygwth
        1 torri'r ffon, torri'r llinell, torri fy, perygl*, blociwch, yn syth
        """,
        Sign.ANGRY: """
        1 cywilydd*, gwarthus, annerbyniol, siomedig, siom, trydydd tro, digywilydd, anghwrtais, llond bol, gwallgof
        1 twyll, bygwth
        """,
        Sign.GLAD: """
        1 gwych, ardderchog, diolch o galon, bendigedig, diolch yn fawr am, diolch yn fawr iawn, diolch i, diolch am
        1 hyfryd, gwerthfawrog*
        """,
    },
    common=(
        "yr fy mae wedi dw ddim ac ond mewn eich ydw rydw os gwelwch yn dda hoffwn gan nid bod i'r o'r ar am "
        "y ei ni chi mae'r yw oes"
    ),
    negations="nid ddim heb dim nac",
)
