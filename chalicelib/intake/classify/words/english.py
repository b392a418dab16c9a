"""English, British first."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

ENGLISH: Final = Lexicon(
    language="en",
    intents={
        Intent.BILL_QUESTION: """
        4 why am i paying more, why has it gone up, why has my, bill looks, is my bill, explain why, see my bill
        4 view my bill, find my bill, breakdown, bill in welsh, send me .. bill, send me .. invoice, resend .. invoice
        4 bill .. went from, explain .. bill, explain .. invoice, explain .. charge, understand .. bill
        4 understand .. invoice, copy of .. bill, copy of .. invoice, copies of .. bill*, copies of .. invoice*
        4 question about .. bill, query about .. bill, question on .. bill, query on .. bill, bill query
        4 bill question, why is .. bill, why was .. bill, why has .. bill, how is .. calculated, how was .. calculated
        4 how was .. worked out, breakdown of, itemised bill, vat invoice*
        3 how come, is this right, is that right, is this correct, is that correct, up from, went from, used to be
        3 normally pay, usually pay, just wondering, wondering, what is the £, what's the £, what is this, paper bills
        3 how is the, more expensive, gone up, price rise, price increase, what is this charge, what are these charges
        3 what is .. on my bill, what's .. on my bill, what does .. mean, bill gone up, bill .. gone up, bill went up
        3 bill increased, bill .. higher, higher than usual, higher than last, higher than normal, more than usual
        3 more than normal, more than last month, dearer than, bill .. doubled, billed in advance, in arrears or
        3 billing period, billing cycle, billing date, bill date, pro rata, prorata, when is .. bill
        3 when will .. bill, when do i get .. bill, haven't had .. bill, not received .. bill, final bill, paper bill*
        3 first bill, part month, what am i paying for, what i am paying for, next bill, large print, braille
        3 price rise mean, bill summary, vat number, vat receipt, proof of address, tax return
        2 why is it, why is this, how much, usually, extra, can you tell me, what's, don't follow, check, what is it
        2 what are they, can you confirm, could you confirm, what dates, which dates, curious, don't understand
        2 do not understand, dont understand, makes no sense, puzzle*, clarify, clarification, explain
        2 this month's bill, last month's bill, latest bill, last bill, line item, bill shows, bill says, bill for
        2 normally, appears on .. bill, shows on .. bill, adjustment, is it vat, includes vat, per month, calculated
        2 worked out
        1 bill, bills, billed, invoice*, charge, charges, statement*, vat, fee, fees, itemis*, page
        """,
        Intent.PAYMENT: """
        4 pay it off, pay in full, make .. payments, take .. payment, took .. early, payment went, payment gone
        4 payment not received, not received my payment, you .. received .. payment, pay the rest, pay what i can
        4 pay monthly, pay weekly, struggling with .. bill*, behind on, money is tight, where is my refund
        4 where's my refund, when will .. refund, bank account and sort, pay my, pay our, pay the bill, new card
        4 update .. card, card details, collect* .. payment, debited, restore .. service, make a payment
        4 payment failed, payment .. failed, payment declined, card .. declined, direct debit .. date, payment plan
        4 pay .. instalments, instalment*, payment arrangement, spread the cost, spread .. payments, can't pay
        4 cannot pay, cant pay, can't afford to pay, cannot afford to pay, unable to pay, struggling to pay
        4 more time to pay, pay late, payment date, change .. direct debit, set up .. direct debit
        4 change .. payment date, proof of payment, remittance*, paid .. wrong account, paid .. by mistake, paid twice
        4 pay .. twice, overpaid, where do i pay, how do i pay, how can i pay, can i pay, could i pay, like to pay
        4 want to pay, pay off
        3 direct debit, standing order, bank transfer, bacs, faster payment, cheque, postal order, pay .. by card
        3 pay .. cash, take cash, already paid, have paid, i've paid, i paid, we paid, paid my bill, paid the bill
        3 paid it, payment hasn't, payment has not, payment not, not showing .. paid, hasn't cleared, not cleared
        3 not been credited, late payment, late fee, reminder, arrears, overdue, owe you, i owe, we owe, owing
        3 behind with, debt collect*, afford, payment holiday, breathing space, pay .. a month, pay .. a week
        3 pay .. half, pay you, get paid, my refund, refund .. credit, credit balance, refund arrived, refund not
        3 waiting for .. refund, receipt for, allocate, card expired, different card, took .. payment
        3 taken .. payment, debit .. early, bounced
        2 payment, payments, pay, paid, paying, receipt, declined, refund*, sort code, payday, wages, salary
        1 card, bank, debit, money, balance, credit
        """,
        Intent.DISPUTE: """
        4 after i cancelled, since i cancelled, cancelled .. still, cancelled .. ago, already cancelled, still taking
        4 still being taken, still paying for, don't owe, do not owe, not liable, mis sold, missold, was told .. free
        4 told it was free, supposed to be free, meant to be free, free trial, never received, why am i being charged
        4 why am i still, premium rate, take that off, take this off, charge removed, charges removed
        4 been charged for, being charged for, charging me for, double payment, charged again, charged £, dispute
        4 disputing, disputed, contest .. charge, contest .. bill, chargeback, charged .. twice, billed .. twice
        4 double charg*, double bill*, duplicate charge*, charged double, overcharg*, over charged, wrongly charged
        4 incorrectly charged, wrongly billed, should not .. charged, shouldn't .. charged, should not .. billed
        4 shouldn't .. billed, still being charged, still being billed, still charging, still billing
        4 take .. off my bill, never ordered, did not order, didn't order, didn't ask for, did not ask for
        4 never asked for, never agreed, did not agree, didn't agree, not agreed to, did not authorise
        4 didn't authorise, unauthoris*, not authoris*, don't recognise, do not recognise, dont recognise
        4 don't recognize, do not recognize, not my call*, fraud*, wrong amount, incorrect charge*, wrong charge*
        4 bill is wrong, bill wrong, bill is incorrect, invoice .. wrong, mistake on .. bill, error on .. bill
        4 mistake in .. bill, error in .. bill, mistake on .. invoice, error on .. invoice, refuse to pay
        4 not paying for, not paying it, not paying this, won't pay, refuse .. pay, billing error
        4 charged for .. didn't, charged for .. never, charged for .. not, charged me for, billed for .. never
        4 wrong price, not what i was quoted, not what was agreed, never made, didn't make .. call*
        4 did not make .. call*, never used, remove .. charge*, cancel the charge, reverse .. charge, reverse it
        4 reissue .. invoice*, credit note for, never received the discount, discount .. missing
        4 discount .. not applied, discount hasn't, instead of the agreed
        3 charging me, supposed to be, off my bill, free month, price .. agreed, price i was, should only be
        3 rather than, not what i, returned the, sent back, sent it back, roaming charge*, exit fee, cancellation fee
        3 credited back, put right, charged, billed, take it off, take .. off, taken off, take one of them off
        3 credited please, credit one, should be, overbilled, taken too much, took too much, taken twice
        3 took .. twice, unreturned, was promised, was quoted, want .. refunded, refund me, refund the, money back
        3 should have been, agreed price, charges run up, not mine
        2 wrong, incorrect*, mistake, error, disagree, cannot have been, proof of postage, on both, same period
        2 exempt*
        1 charge, charges, quoted, promised
        """,
        Intent.DETAILS_CHANGE: """
        4 now live, live at, living at, no longer live, no longer at, my new, our new, switched bank*
        4 bank .. has changed, changed .. bank, put .. in my name, put the account, name on .. bill
        4 name on .. account, in both names, in joint names, third party, deputyship, probate, different email
        4 my email is now, my number is now, my name is now, change it to, taking over .. account
        4 take over .. account, bills .. to my new, change of surname, change the name, change of contact
        4 change of details, change of ownership, change of address, moved house, moving house, new address
        4 change .. address, update .. address, change .. name, changed my name, change of name, name change
        4 change .. email, update .. email, new email, change .. phone number, change .. number, update .. details
        4 change .. details, new phone number, new mobile number, new bank details, change .. bank details
        4 update .. bank details, bank details .. changed, new bank account, changed bank*, got married, married name
        4 maiden name, power of attorney, deed poll, authorised person, authorised user, add .. to .. account
        4 add .. on the account, name .. on the account, remove .. from .. account, account .. in my name
        4 my name .. spelt, name .. wrong, spelt wrong, misspelt, spelling of, correct .. name, wrong name
        4 surname .. now, speak .. on my behalf, act .. on my behalf, named contact, main contact, only contact
        4 account holder, take over
        3 please update, bank details, account to take, letters to, prefer .. email, contact me by, deputy
        3 email address, phone number, update my, update our, moved in, moved out, moved, i have moved, we have moved
        3 i've moved, we've moved, we are moving, i am moving, i'm moving, we're moving, moving to, old address
        3 wrong address, correspondence address, billing address, postal address, forwarding address, contact details
        3 my details, executor, late husband's account, late wife's account, put me down as, date of birth
        3 send .. bills to, use this number, use this email, amend .. name, amend .. account*, update our records
        3 your records, able to speak to you, transfer .. account .. name, same number .. name, preferred name
        3 my title, deadname
        2 surname, postcode, married, divorced, trade as, trading as, contact for, person to contact, from now on
        2 change to
        1 address, name, number, email, certificate
        """,
        Intent.PLAN_CHANGE: """
        4 what packages, which package, what plans, cheaper option, cheaper one, cheaper contract, lower tariff
        4 lower price, better value, unlimited calls, unlimited minutes, more minutes, more gigs, more gig
        4 take out .. contract, take out .. line, new phone, renew, extend my contract, change my contract
        4 change our contract, without the tv, without tv, just broadband, broadband only, landline only
        4 get rid of the tv, kids .. sim, sim for, sports package, movies, switch from .. to, move from .. to
        4 move onto, going abroad, going on holiday, travel pass, esim, upgrade, upgrading, downgrade, downgrading
        4 change .. plan, change .. package, change .. tariff, switch .. plan, switch .. tariff, cheaper plan
        4 cheaper tariff, cheaper package, cheaper deal, cheapest, faster broadband, full fibre, faster plan
        4 faster speed, bigger plan, smaller plan, more data, unlimited data, extra data, data add on, sim only
        4 add .. line, add .. sim, add sport*, add .. tv, adding .. tv, remove .. tv, add roaming, roaming add, add on
        4 addon, bolt on, renew .. contract, contract renewal, renewal, contract .. ends, contract .. ending
        4 out of contract, new contract, better deal, new deal, best deal, pause my, pause the, freeze my
        4 social tariff, essentials tariff, sign me up, sign up for, move me to, move to the, put me on, go on the
        4 go up to, drop to, come off the, take .. channels off, student deal, family plan, multi line, second line
        4 another line, extra line
        3 switch to, package, tariff, what can you do, retention*, loyal customer deal, special offer
        3 new customer offer, trade in, months ends, contract up, add .. to my package, what deals, any deals
        3 what offers, faster, speed, we'd like .. tv, available in my area, available yet, static ip
        3 business broadband, international calls, which plan
        2 plan, plans, contract, data, allowance, broadband, fibre, channels, handset, roaming, gb, gig, meg
        2 unlimited, deal
        1 cheaper, bundle, offer, minutes, texts, sim, tv, line
        """,
        Intent.COMPLAINT: """
        4 not acceptable, abysmal, atrocious, dreadful, been trying, wasted my, waste my, off work, shouted
        4 laughed at, your staff, how you treat, way i was, log .. complaint, complaints department, complaints team
        4 complaints procedure, wrote to you, i have written, never replied, no answer, no response, nobody answers
        4 never answer, passed around, pillar to post, transferred, hours on, minutes on, spent .. hour*, been lied
        4 mis led, misled, wish to raise, customer care, final response, formal complaint, make a complaint
        4 raise a complaint, official complaint, wish to complain, want to complain, writing to complain
        4 like to complain, complaint about, complaint of, my complaint, i am complaining, escalate .. complaint
        4 escalate this, deadlock, speak to .. manager, speak to .. supervisor, appalling, disgusted, disgusting
        4 disgraceful, terrible service, awful service, poor service, bad service, worst service, shocking service
        4 rude, hung up on me, hung up, an apology, apologise, apology, nobody .. replied, no one .. replied
        4 not .. replied, nobody .. called, no one .. called, nobody .. rang, nobody turned up, no one turned up
        4 no reply, ignored, useless, not good enough, waste of time, customer service is, customer service was
        4 way you treat, treated like, spoken to, on hold, kept waiting, kept me waiting, still waiting
        4 still no reply, passed from, cut me off
        3 waited, your engineer, tone, manner, patronis*, an explanation, please explain yourself, no one, experience
        3 worst, complaint, complain, unacceptable, fourth time, third time, second time, fifth time, how many times
        3 several times, let down, fed up, had enough, frustrat*, furious, compensation, a joke, incompetent
        3 broken promise*, shambles, no record of, call back, ring me back, ring back, call me back, never called
        3 never rang, round in circles, chatbot, discriminat*, equality act, reasonable adjustment*, data protection
        3 gdpr, human being, missed appointment
        2 disappointed, angry, upset, insult*, ashamed, promised, ignoring, attitude, adviser, advisor, times
        2 response
        1 weeks, hours, robot, again, nobody
        """,
        Intent.CANCELLATION: """
        4 stop everything, end the agreement, end our agreement, end my agreement, end the service, want out
        4 get out of .. contract, leave my contract, going elsewhere, found .. cheaper .. elsewhere, not renew
        4 not renewing, won't be renewing, don't want to renew, change my mind, changed my mind, within .. 14 days
        4 moving in with, going into a home, emigrat*, cancel it, cancel this, cancel that, cancel both
        4 cancel everything, cancel all, ceased, cease, ending my, ending our, cancel my, cancel .. broadband
        4 cancel .. contract, cancel .. account, cancel .. service, cancel .. subscription, cancel .. line
        4 cancel .. tv, cancel .. sim, cancel .. number, cancel .. order, cancel our, cancelling, cancellation
        4 want to cancel, like to cancel, wish to cancel, how do i cancel, need to cancel, please cancel, terminate my
        4 terminate the, terminate our, termination, end my contract, end our contract, end .. contract
        4 end my broadband, close my account, close .. account, closing .. account, close please, please close
        4 stop my, stop the landline, stop the broadband, stop the service, stop the line, leaving you, leave you
        4 switching provider, switch provider, switching to, going to another, moving to another, going with another
        4 pac code, a pac, stac, cooling off, give notice, giving notice, notice to, my notice, how much notice
        4 days notice, end of tenancy, no longer need, no longer want, no longer require, won't be needing
        4 will not need, don't need .. any more, disconnect .. line
        3 cancel, cancelled, terminate, leaving, notice period, early termination, exit fee, leave early
        3 port my number, contract to end, ends on, stop on, stop both, stop it on, send .. router back
        3 return .. router, change .. provider
        2 notice, another provider, other provider, moving abroad, stop, end, close, passed away
        1 minimum term, contract
        """,
        Intent.ACCESS: """
        4 reset my, won't let me in, will not let me in, doesn't let me in, not let me in, won't accept .. password
        4 says .. incorrect, can't register, can't see my account, cannot see my account, link .. expired
        4 link doesn't work, link has expired, not getting .. code, haven't got .. code, never got .. code, code never
        4 code doesn't, no code, text code, fingerprint, face id, get back in, get in to, who has access
        4 delete my account, my login, can't log in, cannot log in, cant log in, can't login, cannot login
        4 unable to log in, unable to login, log in to, log into, login, log in, logging in, log on, logon
        4 forgot .. password, forgotten .. password, reset .. password, password reset, reset link, locked out
        4 account .. locked, verification code, security code, one time code, passcode, six digit code, two factor
        4 2fa, authenticator, can't access .. account, cannot access .. account, can't get into, cannot get into
        4 cant get into, can't get in, cant get in, sign in, signing in, memorable word, security question
        4 activation link, activate .. account, register .. online, username, user name, recovery email
        4 access .. portal, portal access, online account, admin user, voicemail pin, pin for
        4 somebody else .. my account
        3 password, passwords, the code, a code, my pin, the pin, portal, app won't, app does not, app doesn't
        3 app crashes, website won't, cannot register, puk, hacked, locked, get into my, log me out, logs me out
        2 code, app, website, register, pin, reset, download, link, screen reader, online, access
        1 phone, screen, resend
        """,
        Intent.PRAISE: """
        4 excellent, brilliant, so grateful, very grateful, thank whoever, please thank, please pass, what a, deserves
        4 deserve a, best company, best service, all sorted, happy with, really pleased, very pleased, very happy
        4 thank goodness, much obliged, lifesaver, life saver, saved me, restored my faith, refreshing
        4 excellent service, great service, brilliant service, wonderful service, fantastic service, amazing service
        4 good service, great job by, good job, well done, compliment, compliments, credit where, keep up the good
        4 pass on my thanks, pass .. thanks, big thanks, huge thanks, thank you so much, thanks so much
        4 many thanks for, thank you for your help, thanks for your help, thanks for sorting, thank you for sorting
        4 thanks for the quick, wanted to say thank*, say thank you, just wanted to say, much appreciated, so helpful
        4 very helpful, really helpful, so patient, very patient, so kind, very kind, couldn't have been
        4 could not have been more, you are brilliant, are brilliant, was brilliant, was lovely, was fantastic
        4 was excellent, was great, was ace, no reply needed, nothing else needed, i do not need anything
        4 on record how, a thank you, best customer service
        3 sorted .. quickly, sorted in, five stars, star, hats off, top marks, superb, splendid, chuffed, delighted
        3 impressed, grateful, kindness, a pleasure, happy customer, made my day, put my mind at rest
        3 above and beyond, fair play, thanks to, a credit to
        2 patient, polite, lovely, fantastic, wonderful, amazing, great, helpful, thank you, pleased, friendly
        2 gentle*, clearer, quick, marvellous, appreciate*
        1 thanks, kind, happy, nice, good
        """,
        Intent.OTHER: """
        4 job vacancy, apply for, applying for, supplier, our services, we specialise, we provide, our company
        4 catalogue, lottery, you have won, prize, bitcoin, crypto, van parked, your van, your driver, roadworks
        4 lost property, line is dead, dead line, crackl*, noise on the line, can't make calls, cannot make calls
        4 can't receive calls, can't send, answerphone, ringtone, set up .. wifi, phone won't, pole, overhanging, tree
        4 wrong house, wrong address .. letter, school visit, interview, magazine, newspaper, no internet
        4 no broadband, no signal, no dial tone, not working, isn't working, stopped working, internet is down
        4 internet down, broadband .. down, broadband keeps, wifi keeps, keeps dropping, keeps cutting, outage
        4 no service, no picture, no sound, frozen, fault, cable down, cables, telegraph pole, mast, dropped cable
        4 vacancy, vacancies, hiring, my cv, apprentice*, looking for work, job application, work experience
        4 press office, journalist, comment by, is this email real, is this real, is this you, is this a scam
        4 phishing, suspicious email, fake email, scam text, wrong number, not a customer, wrong person, wrong company
        4 meant for, delivered to, previous tenant, unsubscribe, website traffic, seo, marketing services
        4 business proposal, first page of, search engine, backlink*, invoice factoring, sponsor*, donation, charity
        4 raffle, survey, dissertation, research, school project, fundrais*, partnership
        3 router lights, red light, orange light, channels, slow speeds, wayleave, opening hours, what time do you
        3 shop open, call me, ring me, nuisance calls, scam calls, forwarded, out of office
        2 slow, box, reboot*, restart*, cable, shop, store, event, invite, quote, engineer visit, router, signal, wifi
        2 reception, coverage, buffering, hello, test, letter for, traffic
        1 picture, website
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 not acceptable, abysmal, atrocious, poor service, bad service, complaint, complaints, complain, complaining
        1 ombudsman, unacceptable, disgraceful, disgusted, disgusting, appalling, third time, fourth time, fifth time
        1 how many times, rude, hung up on me, shambles, outrag*, dreadful, mis led, charged for .. never, overcharg*
        1 wrongly, still charging, still being charged, don't owe, do not owe, take it off, take .. off my bill
        1 cheated, conned, twice now, yet again, refund me, want .. refunded, money back, waste of time, on hold
        1 wasted, not good enough, nobody .. replied, no one .. replied, fed up, had enough, useless, a joke
        1 refuse to pay, not paying, fraud, furious, apology, still waiting, told you, charged .. twice
        1 billed .. twice, double charg*, never ordered, never agreed, did not order, didn't order, never asked for
        1 rip off, ripped off, disappointed, terrible, awful, let down, scam, compensation, misled, lied, lies
        1 mis sold, missold, ignored, robbery, theft, stealing, ridiculous, nonsense
        1 straight answer, nobody came, no one came, nobody turned up, never came, day off work, took the day off
        1 not happy, unhappy, not impressed, no explanation, without explanation, without telling me, nobody cares
        1 no one cares, you do not care, you don't care, i asked you to cancel, i told you in, told the man
        1 enough is enough, cheeky, a lie, hopeless, cannot go on, can't go on, can't make head, whoever designed
        1 nobody on earth, nobody can understand, time of asking, once again, keeps happening, makes me angry
        1 makes me cross, cross with, not my fault, passed around, no help at all, gave up a, shameful, disgrace
        1 poor show, pathetic, dissatis*, insensitive, daylight robbery, won't listen, nobody listens
        1 no one listens, despite .. letters, despite .. calls, despite .. emails, nobody rang, no one rang
        1 nobody called, no one called
        """,
        Sign.LEGAL: """
        1 solicitor*, lawyer*, legal action, legal advice, legal proceedings, in court, to court, says court
        1 court order, court date, court action, court claim, small claims, sue you, sue
        1 ombudsman, ofcom, trading standards, citizens advice, data protection, gdpr, subject access
        1 information commissioner, letter before action, breach of contract, bailiff*, equality act
        1 consumer rights act, ccj, county court, watchdog, my mp, statutory, letter before claim, enforcement agent*
        1 consumer credit act, action fraud
        1 issue proceedings, our client, regulator, adjudicat*, arbitration, alternative dispute, barrister
        1 tribunal, lawsuit, litigation, legal rights, cisas, financial conduct authority
        """,
        Sign.VULNERABLE: """
        1 hospital, on the ward, off sick, signed off, sick pay, hours cut, zero hours, redundancy, grief, grieving
        1 probate, lost my son, lost my daughter, lost my sister, lost my brother, has died, passed on, hearing aid*
        1 lip read, dyslex*, adhd, ptsd, bipolar, schizophren*, epilep*, parkinson*, multiple sclerosis, arthritis
        1 hospice, palliative, terminal, miscarriage, left my husband, left my partner, restraining order
        1 non molestation, women's aid, gambl*, addict*, don't speak english, elderly, confused, housebound
        1 can't read, cannot read, cannot see, can't see well, nurse, social worker, payday loan*, debt relief
        1 statutory sick, caring for, my dementia, hard up, skint, no money, no income, struggling, late son
        1 late daughter, late brother, late sister, children to feed, made homeless, benefit, pension credit, breast
        1 tumour, transplant, disabilities, impair*, pendant, passed away, died, death of, deceased, bereave*, funeral
        1 widow*, late husband, late wife, late mother, late father, late mum, late dad, late aunt, my dead
        1 lost my wife, lost my husband, lost my mum, lost my dad, lost my mother, lost my father, terminally ill
        1 terminal illness, cancer, chemo*, in hospital, stroke, dementia, alzheimer*, dying, disabled, disability
        1 wheelchair, am blind, is blind, i'm blind, registered blind, partially sighted, sight loss, deaf
        1 hard of hearing, mental health, depress*, anxiety
        1 suicid*, kill myself, end my life, self harm, panic attack*, a breakdown, nervous breakdown, sectioned
        1 autis*, lost my job
        1 lost my work, made redundant, redundan*, laid off, unemployed, universal credit, food bank, in debt
        1 debt advice, breathing space, stepchange, bankrupt*, homeless, eviction, can't afford, cannot afford
        1 cant afford, can't feed, domestic abuse, domestic violence, abusive, violent, refuge, not safe, my carer
        1 a carer, carer for, support worker, nursing home, care home, dialysis, oxygen, pacemaker, lifeline
        1 pendant alarm, medical, pregnant, learning difficult*, learning disabilit*, vulnerable, scared, frightened
        1 esa, pip, benefits, braille, bsl, relay uk, look after my, operation, surgery, ill, illness, sick
        1 power of attorney, stammer
        1 heart condition, heart attack, my hours were cut, with the police, afraid of
        """,
        Sign.URGENT: """
        1 urgent, urgently, asap, as soon as possible, immediately, right away, by tomorrow, emergency, cut off
        1 cutting .. off, cut me off, disconnect*, final notice, bailiff*, within 24 hours, today before, before 5pm
        1 by 5 today, by today, today please, name today, back on, right now, this minute, by tonight
        1 before tomorrow, not safe, suicid*, life or death, hacked, somebody else is in, someone else is in
        1 it wasn't me
        1 be cut off, cutting me off, off tomorrow, off on friday, stopped tomorrow, stops tomorrow, need .. today
        1 back today, now please, block it, lock it, none of that is me, is not me, someone else is in my
        1 somebody is in my, someone has changed my, somebody has changed my, cable down, cable hanging
        1 hanging across, hanging over, bare wires, wires are bare, dangerous, danger to, danger of, send somebody
        1 send someone, nothing left for, nothing left until, no money for food, no money left, rent bounced
        1 can't ring anyone, cannot ring anyone, can't call for help, if the alarm, with the police, finds me
        1 where i have moved, where i live now, must not learn, must not know, by 5 pm, at once, ambulance
        1 take .. off now, off now, my new address over, gave .. my new address, before anything else
        """,
        Sign.ANGRY: """
        1 not acceptable, dreadful, abysmal, atrocious, cheated, conned, twice now, second time, third time
        1 fourth time, no one, waited, waste, wasted, wrong, still charging, still being charged, never replied
        1 no reply, money back, demand, expect, why should i, don't owe, do not owe, mistake, worried, upset, poor
        1 rubbish, stupid, mess, annoy*, unhappy, complaint, complain, disgust*, furious, angry, appalling, disgrace*
        1 unacceptable, outrag*, ridiculous, a joke, terrible, awful, worst, useless, incompetent, fed up, rude, liar*
        1 lies, lied, scam, rip off, ripped off, robbery, thie*, stealing, stole, shambles, pathetic, disappoint*
        1 frustrat*, ashamed, never again, nonsense, had enough, sick of, not happy, fraud, how dare, insult*, ignored
        1 not good enough, refuse, again and again, yet again, told you, i've told, not paying, hung up, let down
        1 waste of time, charged .. twice, billed .. twice, never ordered, still waiting, nobody, overcharg*
        """,
        Sign.GLAD: """
        1 all sorted, pleased, happy with, thank whoever, please thank, best service, lifesaver, big thank, thanks for
        1 sorted in, thank you all, well pleased, made my day, ace, top notch, thanks to, thank you so much
        1 thanks so much, brilliant, excellent, wonderful, fantastic, superb, great service, great job, delighted
        1 very happy, very pleased, impressed, very helpful, so helpful, amazing, well done, lovely, kindness
        1 grateful, much appreciated, splendid, chuffed, so patient, big thanks, compliment, credit where, top marks
        1 thank you for
        """,
    },
    common=(
        "the and you your my is are was have has for with this that not but please would been from it what "
        "can do i to me"
    ),
    negations="not don't dont never no didn't doesn't isn't wasn't without nor neither",
)
