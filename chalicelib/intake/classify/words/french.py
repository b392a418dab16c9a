"""French."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

FRENCH: Final = Lexicon(
    language="fr",
    intents={
        Intent.BILL_QUESTION: """
        4 comprends pas .. facture, comprendre .. facture, expliquer .. facture, explication .. facture
        4 question sur .. facture, question concernant .. facture, copie de .. facture, copie .. facture, duplicata
        4 detail de .. facture, pourquoi .. facture, facture .. augmente, facture .. plus elevee
        4 justificatif de domicile
        3 a quoi correspond*, que signifie, que veut dire, plus elevee que, plus eleve que, plus cher que, au prorata
        3 prorata, quand .. facture, pas recu .. facture, recevoir .. facture, envoyer .. facture, ligne .. facture
        3 sur ma facture, c'est quoi, qu'est ce que
        2 expliquer, comprendre, comprends, detail, tva, s'agit il, date de facturation, releve
        1 facture*, montant*, frais, supplement
        """,
        Intent.PAYMENT: """
        4 payer en plusieurs fois, en plusieurs fois, echeancier, echelonn*, etaler, paiement refuse, paiement rejete
        4 carte refusee, prelevement .. rejete, deja paye, deja regle, delai de paiement, ne peux pas payer
        4 peux plus payer, arrive plus .. payer, puis je payer, peux payer, payer par, date de prelevement
        4 date du prelevement, mise en demeure, relance, rappel .. paiement, virement, arrieres
        3 prelevement*, remboursement, j'ai paye, j'ai regle, ai paye, ai regle, vous dois, cheque, mandat, rib
        3 acompte, retard de paiement, impaye*, recu de paiement, mensualite*, avoir .. credit
        2 paiement*, payer, paye, payee, regler, regle, carte, somme
        1 banque, compte, argent
        """,
        Intent.DISPUTE: """
        4 facture deux fois, facturee deux fois, preleve deux fois, preleve .. deux fois, debite deux fois
        4 deux fois .. preleve, double prelevement, doublon, conteste*, contester, contestation, erreur .. facture
        4 erreur de facturation, facture .. erronee, facture .. fausse, jamais commande, jamais demande
        4 jamais souscrit, pas commande, pas demande, pas souscrit, trop percu, surfactur*, indu, indument, a tort
        4 remboursez moi, retirez la, refuse de payer, ne paierai pas, pas autorise, ne reconnais pas, fraude
        4 jamais utilise, jamais recu
        3 deux fois, promis, prevu, convenu, n'aurais pas du, aurait du, rembourser .. facture, annuler .. frais
        3 retirer, rectifier, ne correspond pas
        2 erreur, incorrect*, faux, anormal*, au lieu
        """,
        Intent.DETAILS_CHANGE: """
        4 changement d'adresse, nouvelle adresse, changer .. adresse, demenage*, changement de nom, nouveau nom
        4 nom de famille, nouveau numero, changer .. numero, nouvelles coordonnees, changer .. coordonnees
        4 nouveau rib, nouvelles coordonnees bancaires, changement de banque, change de banque, mettre a jour
        4 mise a jour, mon adresse mail, nouvelle adresse mail, nouvel e mail, nouvelle adresse e mail, procuration
        4 tuteur, tutrice, curatelle, mal ecrit, mal orthographie, au nom de, suis mariee, mariage
        3 coordonnees, adresse de facturation, nom .. corriger, prenom, titulaire, changement de titulaire
        3 personne autorisee, contact principal
        2 adresse, corriger, nom, mail
        """,
        Intent.PLAN_CHANGE: """
        4 changer de forfait, changer .. forfait, changer .. offre, changement de forfait, changement d'offre
        4 changement .. offre, forfait moins cher, moins cher, offre moins chere, forfait superieur, passer au forfait
        4 passer a la fibre, passer a, ajouter .. option, ajouter .. ligne, plus de donnees, plus de gigas
        4 option internationale, itinerance, debit plus rapide, suspendre .. ligne, renouvel*, reengag*
        4 nouvelle ligne, offre etudiant
        3 forfait*, offre, option, formule, fibre, gigas, go, engagement, multi lignes, nouveau telephone, promotion
        2 changer, ajouter, etranger, vacances, appels
        """,
        Intent.COMPLAINT: """
        4 reclamation, porter plainte, plainte, me plaindre, inadmissible, inacceptable, mediateur, service deplorable
        4 deplorable, service client .. nul, personne ne repond, personne ne rappelle, personne .. rappele
        4 sans reponse, aucune reponse, raccroche, excuses, responsable .. parler, parler a un responsable, malpoli*
        4 impoli*, mal recu, mal parle, mepris*, ras le bol, incompetent*
        3 scandaleux, honteux, troisieme fois, quatrieme fois, decu, decue, mecontent*, exasper*, en attente
        3 attente .. telephone, heures .. attente, promis .. rappel, toujours rien, pas venu, personne .. venu
        3 rendez vous
        2 conseiller*, rappel, attente, appele, heures
        """,
        Intent.CANCELLATION: """
        4 resilier, resiliation, resilie, mettre fin, cloturer .. compte, cloture .. compte, annuler .. abonnement
        4 annuler .. contrat, annuler .. ligne, arreter .. abonnement, arreter .. contrat, retractation, me retracter
        4 code rio, quitter, changer d'operateur, autre operateur, fermer .. compte, preavis, plus besoin .. ligne
        4 supprimer .. ligne
        3 annuler, annulation, fin de contrat, frais de resiliation, portabilite, rendre .. box, restituer
        2 deces, decede*, arreter, demenage .. etranger, fin
        """,
        Intent.ACCESS: """
        4 mot de passe, me connecter, connecter, connexion, identifiant*, compte bloque, compte verrouille
        4 code de verification, code de securite, code par sms, recois pas .. code, recevoir .. code, espace client
        4 reinitialis*, acceder .. compte, acceder .. espace, acces .. compte, code puk, nom d'utilisateur
        4 double authentification
        3 code, application, appli, bloque, verrouille, acceder, site, pin
        2 en ligne, acces, sms
        """,
        Intent.PRAISE: """
        4 excellent service, service excellent, felicitations, felicite*, tres satisfait*, tres aimable, bravo
        4 grand merci, mille mercis, merci a, merci pour votre, merci pour la, merci pour le, merci beaucoup pour
        4 remercier, remerciements, tres professionnel*, au top, ravie, ravi, rapide et efficace, chapeau, parfait
        3 efficace, souriant*, aimable, gentil*, gentillesse, patience, patient*, professionnel*, competent*, rapidite
        3 satisfait*
        2 merci, super, genial
        """,
        Intent.OTHER: """
        4 panne, plus d'internet, plus internet, pas d'internet, plus de reseau, pas de reseau, plus de tonalite
        4 coupure, technicien, ne fonctionne plus, ne marche plus, ne fonctionne pas, voyant, candidature, emploi
        4 stage, recrut*, presse, journaliste, hameconnage, est ce vraiment vous, arnaque .. mail
        4 memoire .. universit*, etude, sondage, partenariat, don, horaires, boutique, publicite, cable
        3 reseau, lent*, box, wifi, cv, boitier, debit, signal
        2 television, image
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 reclamation, plainte, inacceptable, inadmissible, deplorable, scandaleux, mediateur, me plaindre, honteux
        1 arnaque, decu, decue, mecontent*, troisieme fois, quatrieme fois, deux fois .. preleve, preleve deux fois
        1 facture deux fois, conteste*, jamais demande, jamais commande, pas commande, remboursez moi, exasper*
        1 sans reponse, personne ne repond, raccroche, refuse de payer, toujours rien
        1 insense, decu*, une fois de plus, encore une fois, personne n'est venu, moquez, malgre .. courriers
        1 malgre .. appels, ras le bol, j'en ai assez, revenir un autre jour, coupee alors
        """,
        Sign.LEGAL: """
        1 avocat, tribunal, ufc que choisir, cnil, rgpd, mediateur, association de consommateurs, mise en demeure
        1 action en justice, porter plainte, justice, huissier, police, dgccrf, ombudsman, juridique*
        1 mediateur des communications, arcep, que choisir
        """,
        Sign.VULNERABLE: """
        1 decede*, deces, mort, obseques, veuve, veuf, cancer, hopital, hospitalis*, handicap*, depression, chomage
        1 perdu mon emploi, licencie*, dettes, surendettement, aveugle, malvoyant*, sourd, sourde, malentendant*
        1 divorce, maladie, malade, enceinte, tuteur, tutrice, tutelle, curatelle, maison de retraite, alzheimer
        1 seule avec, rsa, violence*, accident, suicid*, difficultes financieres
        1 fauteuil, en fauteuil roulant, veuvage, ne marche plus, dialyse, rsa
        """,
        Sign.URGENT: """
        1 urgent, urgente, urgence, immediatement, au plus vite, des que possible, coupe, coupee, coupure
        1 aujourd'hui meme, sans delai, le plus vite possible, avant ce soir
        1 tout de suite, ligne coupee, est coupee, coupez demain, me coupez, couper demain, sera coupee, danger*
        1 cable .. tombe, bloquez, plus me joindre, plus rien pour manger, a decouvert, telealarme
        """,
        Sign.ANGRY: """
        1 scandaleux, honteux, inadmissible, inacceptable, arnaque, decu, decue, mecontent*, furieux, furieuse
        1 deplorable, exasper*, ras le bol, mepris*, incompetent*, lamentable, troisieme fois, quatrieme fois, nul
        1 jamais demande, n'importe quoi, en colere
        """,
        Sign.GLAD: """
        1 bravo, tres satisfait*, tres aimable, grand merci, parfait, remercier, felicit*, excellent, merci a
        1 merci pour votre, ravie, ravi, au top, efficace
        """,
    },
    common=(
        "le la les et je vous est pas pour une mon ma mes que avec bonjour merci sur dans des du ai suis un "
        "au ce j'ai votre nous cette"
    ),
    negations="ne pas jamais sans aucun aucune non",
)
