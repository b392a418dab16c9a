"""Italian."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

ITALIAN: Final = Lexicon(
    language="it",
    intents={
        Intent.BILL_QUESTION: """
        4 capisco .. bolletta, capire .. bolletta, capisco .. fattura, capire .. fattura, spiegare .. bolletta
        4 spiegarmi .. bolletta, spiegare .. fattura, spiegarmi .. fattura, perche .. bolletta, perche .. fattura
        4 bolletta .. piu alta, fattura .. piu alta, copia .. fattura, copia .. bolletta, domanda sulla fattura
        4 domanda sulla bolletta, domanda su .. bolletta, chiarimento .. bolletta, chiarimenti .. fattura, duplicato
        3 piu alta del, piu alto del, piu cara, cos'e questo, cosa significa, che cos'e, a cosa si riferisce
        3 a cosa corrisponde, quando arriva, non ho ricevuto .. bolletta, non ho ricevuto .. fattura
        3 prova di residenza, pro rata, in bolletta, sulla bolletta, in fattura, sulla fattura, dettaglio
        3 dichiarazione dei redditi
        2 spiegare, capire, capisco, voce, iva, chiarire, aumentata, mandarmela
        1 bolletta, bollette, fattura, fatture, addebito, addebiti, importo, costo
        """,
        Intent.PAYMENT: """
        4 pagare a rate, a rate, rateizz*, rate, dilazion*, non posso pagare, non riesco a pagare, pagamento rifiutato
        4 pagamento .. fallito, carta .. rifiutata, gia pagato, gia pagata, ho pagato, addebito diretto, bonifico
        4 sollecito, come posso pagare, posso pagare, pagare con, data di pagamento, data di addebito, domiciliazione
        4 piano di pagamento, ricevuta di pagamento, ricevuta, rid
        3 rimborso .. credito, rimborso, accreditate, credito, mora, scadenza, arretrat*, vi devo, debito, in ritardo
        3 contanti, carta scaduta
        2 pagamento, pagamenti, pagare, pagato, pagata, carta, stipendio
        1 banca, conto, soldi
        """,
        Intent.DISPUTE: """
        4 addebitato due volte, addebitata due volte, addebitat* .. due volte, due volte, doppio addebito
        4 doppia fatturazione, pagato due volte, contesto, contestare, contestazione, errore .. fattura
        4 errore .. bolletta, errore di fatturazione, mai richiesto, mai richiesta, mai ordinato, mai ordinata
        4 mai attivato, non ho richiesto, non ho ordinato, non ho mai, non riconosco, fattura errata
        4 fattura sbagliata, bolletta sbagliata, addebito errato, non autorizzat*, non dovut*, storno, stornare
        4 nota di credito, non intendo pagare, truffa, frode, continuate ad addebit*
        3 rimborsate, rimborsarmi, restituire, promesso, promess*, concordat*, mi avevate, invece di, indebit*
        3 togliete
        2 errore, sbagliat*, errat*, addebitato, addebitati
        """,
        Intent.DETAILS_CHANGE: """
        4 cambio di indirizzo, cambio indirizzo, nuovo indirizzo, cambiare .. indirizzo, modificare .. indirizzo
        4 trasferit*, trasloc*, cambio residenza, aggiornare .. dati, modificare .. dati, cambiare .. dati
        4 cambio .. dati, nuovo numero, nuova email, nuova e mail, nuova mail, nuovo iban, nuove coordinate
        4 cambiato banca, nuovo conto, cambio cognome, cambio nome, cambiare .. nome, voltura, intestat*, subentro
        4 delega, delegat*, procura, scritto male, sbagliato .. nome, persona autorizzata, mi sono sposat*, matrimonio
        3 indirizzo, residenza, i miei dati, cognome, recapit*, coordinate bancarie, correggere
        2 nome, aggiornare, iban
        """,
        Intent.PLAN_CHANGE: """
        4 cambiare piano, cambiare .. piano, cambiare offerta, cambiare .. offerta, cambiare .. tariffa, cambio piano
        4 cambio .. tariffa, cambio .. offerta, offerta piu economica, piu economic*, piu giga, aumento giga
        4 passare alla fibra, passare a, passare da, passaggio, fibra, velocita, piu veloce, aggiungere .. linea
        4 seconda linea, aggiungere .. sim, opzione, attivare, roaming, rinnov*, sospendere, pacchetto
        4 disattivare .. canali, promozione
        3 giga, offerta, offerte, piano, tariff*, adsl, minuti, vincolo
        2 contratto, cambiare, linea, estero, aggiungere
        """,
        Intent.COMPLAINT: """
        4 reclamo, reclamare, lamentela, lamentarmi, lamentare, inaccettabile, pessimo, pessima, vergognoso
        4 vergognosa, vergogna, nessuno risponde, nessuna risposta, nessuno .. richiamato, nessuno mi, senza risposta
        4 mancanza di rispetto, maleducat*, scortes*, riattaccato, attaccato il telefono, scuse
        4 responsabile .. parlare, parlare con un responsabile, parlare con qualcuno, risposta automatica, disservizio
        4 appuntamento .. non, nessuno si e presentato
        3 terza volta, quarta volta, ennesima volta, deluso, delusa, stufo, stufa, arrabbiat*, ore di attesa
        3 in attesa, attesa, silenzio, preso in giro, indignat*
        2 operatore, operatrice, scritto, richiamare, promesso, call center
        """,
        Intent.CANCELLATION: """
        4 disdetta, disdire, recesso, recedere, chiudere .. contratto, chiudere .. account, chiudere .. linea
        4 chiusura, annullare .. contratto, annullare .. abbonamento, annullare .. linea, cessazione, cessare
        4 disattivare .. linea, disattivazione, cambiare operatore, altro operatore, portabilita, passo a un altro
        4 preavviso, interrompere .. contratto, risolvere .. contratto, ripensamento
        3 annullare, penale, non mi serve piu, non ne ho piu bisogno, restituire .. modem, chiudere
        2 decedut*, fine
        """,
        Intent.ACCESS: """
        4 password, accedere, accesso, non riesco ad accedere, non riesco a entrare, entrare, account bloccato
        4 bloccato, credenziali, codice di verifica, codice .. sms, area clienti, nome utente, utente, login
        4 reimpostare, recuperare .. password, registrarmi, puk
        3 codice, app, sito, autenticazione, registrazione, pin
        2 online, cellulare, sms
        """,
        Intent.PRAISE: """
        4 ottimo servizio, servizio eccellente, servizio ottimo, complimenti, molto soddisfatt*, molto gentile
        4 gentilissim*, bravissim*, grazie a, grazie per la, grazie per il, grazie per l'aiuto, grazie di tutto
        4 grazie mille per, ringraziare, ringrazio, ringraziamento, professionalita, disponibilissim*, velocissim*
        4 bravi, impeccabile, perfetto
        3 gentile, gentilezza, cortesia, cortese, pazienza, veloci, risolto, efficient*, soddisfatt*, contenta
        3 contento
        2 grazie, bravo, brava, ottimo
        """,
        Intent.OTHER: """
        4 guasto, non funziona, non funzionano, senza internet, senza linea, niente internet, non c'e linea
        4 assenza di segnale, nessun segnale, segnale, tono, tecnico, interruzione, lavoro .. curriculum, curriculum
        4 candidatura, assunzion*, stampa, giornalista, phishing, e vera questa, e una truffa, tesi, sondaggio
        4 sponsor*, orari, negozio, pubblicita, lettera .. un'altra persona, destinatario
        3 modem, lenta, lento, rete, copertura, router, wifi, cavo
        2 televisione, canali
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 reclamo, lamentela, lamentarmi, inaccettabile, vergogn*, pessimo, pessima, disservizio, maleducat*, truffa
        1 deluso, delusa, stufo, stufa, terza volta, quarta volta, ennesima volta, mai richiesto, contesto
        1 contestazione, nessuna risposta, nessuno risponde, mancanza di rispetto, non riconosco, arrabbiat*
        1 preso in giro, doppio addebito, mai richiesta
        1 vergogna, ennesimo, indecente, ancora una volta, nessuno e venuto, mai venuto, presa in giro, scandalo*
        """,
        Sign.LEGAL: """
        1 avvocato, avvocata, legale, legali, vie legali, giudice, agcom, tribunale, associazione consumatori
        1 associazione dei consumatori, codacons, corecom, gdpr, privacy, denuncia, polizia, ombudsman, diffida
        1 adusbef
        1 garante
        """,
        Sign.VULNERABLE: """
        1 deceduto, deceduta, decesso, morto, morta, mancato, mancata, scomparso, scomparsa, lutto, vedova, vedovo
        1 cancro, tumore, ospedale, disabil*, invalid*, depressione, disoccupat*, perso il lavoro, licenziat*, debiti
        1 cieco, cieca, ipovedente, sordo, sorda, incinta, malattia, malato, malata, demenza, alzheimer, incidente
        1 operazione, violenza, cassa integrazione, difficolta economic*, casa di riposo, sedia a rotelle
        1 dialisi, sedia a rotelle, chemio*, vive sola, vive solo
        """,
        Sign.URGENT: """
        1 urgente, urgentemente, urgenza, immediatamente, al piu presto, subito, oggi stesso, emergenza, distacco
        1 staccat*, il prima possibile, entro oggi
        1 domani staccate, staccate la, staccano, pericolo*, bloccate, telesoccorso
        """,
        Sign.ANGRY: """
        1 vergogn*, inaccettabile, truffa, stufo, stufa, delus*, arrabbiat*, pessimo, pessima, terza volta
        1 quarta volta, ennesima volta, mancanza di rispetto, ladri, presa in giro, preso in giro, ridicol*, assurdo
        1 silenzio totale, disservizio
        """,
        Sign.GLAD: """
        1 ottimo, eccellente, complimenti, molto soddisfatt*, gentilissim*, ringraziare, ringrazio, grazie per la
        1 grazie per il, grazie a, bravissim*, bravi, perfetto, velocissim*
        """,
    },
    common=(
        "il la che per di non mio mia una con ho sono buongiorno buonasera salve grazie del della vi nel ma "
        "si gli le un è da alla posso"
    ),
    negations="non mai senza nessun nessuna né",
)
