"""Spanish."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.lexicon import Lexicon

SPANISH: Final = Lexicon(
    language="es",
    intents={
        Intent.BILL_QUESTION: """
        4 entiendo .. factura, entender .. factura, explicar .. factura, explicarme .. factura, por que .. factura
        4 por que .. recibo, factura .. subido, factura .. mas alta, copia de .. factura, copia .. factura, duplicado
        4 pregunta sobre .. factura, duda sobre .. factura, duda con .. factura, consulta sobre .. factura
        4 mandar .. factura, enviar .. factura, factura .. mas cara, desglose
        3 a que corresponde, que es este cargo, que es este, que significa, mas alta que, mas cara que, cuando llega
        3 no me ha llegado .. factura, no he recibido .. factura, prorrate*, justificante de domicilio
        3 aparece .. factura, aparece un cargo, en que consiste, en mi factura, fecha de facturacion
        3 declaracion de la renta
        2 explicar, entender, entiendo, iva, detalle, concepto, cuanto voy a pagar
        1 factura*, cargo, cargos, importe*, recibo
        """,
        Intent.PAYMENT: """
        4 pagar a plazos, plazos, fraccionar, aplaz*, no puedo pagar, no podemos pagar, pago rechazado
        4 tarjeta rechazada, rechaza* .. tarjeta, ya he pagado, ya pague, ya esta pagad*, he pagado, transferencia
        4 domiciliacion, domiciliar, como puedo pagar, puedo pagar, pagar con, fecha de pago, fecha de cobro
        4 recordatorio, aviso de impago, impag*, deuda, justificante de pago, devolucion .. saldo, plan de pago*
        3 reembolso, pagar la mitad, mas tiempo, les debo, atrasad*, recibo devuelto, banco .. devuelto, saldo a favor
        3 metodo de pago, efectivo
        2 pago, pagos, pagar, pagado, tarjeta, cobro, cobran, debo
        1 banco, cuenta, dinero
        """,
        Intent.DISPUTE: """
        4 cobrado dos veces, cobraron dos veces, cobrado .. doble, dos veces, doble cobro, cobrado de mas
        4 cobrando de mas, cobro duplicado, cobro indebido, cobros indebidos, factura incorrecta
        4 factura .. equivocada, factura .. mal, error en .. factura, error de facturacion, no reconozco
        4 nunca contrate, no he contratado, no contrate, nunca he contratado, no he pedido, nunca pedi, no solicite
        4 nunca solicite, no autorice, no pienso pagar, no voy a pagar, reclamo .. devolucion, devuelvan, devolverme
        4 quiten .. cargo, retiren .. cargo, fraude, no estoy de acuerdo, disconforme, nunca use, me siguen cobrando
        4 siguen cobrando
        3 cobraron, cobrado, prometieron, prometido, acordado, no corresponde, descuento .. no, anulen, abono
        3 reclamar
        2 error, incorrect*, equivocad*, mal, en vez de
        """,
        Intent.DETAILS_CHANGE: """
        4 cambio de direccion, nueva direccion, cambiar .. direccion, me he mudado, nos hemos mudado, me mude, mudanza
        4 mudo, cambio de domicilio, cambio de titular*, titularidad, cambiar .. datos, actualizar .. datos
        4 actualizar, nuevo numero, nuevo correo, nuevo email, cambiar .. correo, cambiar .. numero
        4 nueva cuenta bancaria, cambio de cuenta, cambio de banco, cambiado de banco, cambiar .. nombre
        4 cambio de nombre, apellido*, mal escrito, autorizar a, persona autorizada, poder notarial, me he casado
        4 a mi nombre
        3 direccion, domicilio, mis datos, titular, datos bancarios, datos de contacto
        2 correo, nombre, corregir, numero de telefono, iban
        """,
        Intent.PLAN_CHANGE: """
        4 cambiar de tarifa, cambiar .. tarifa, cambiar de plan, cambiar .. plan, cambio de tarifa, cambio de plan
        4 tarifa mas barata, plan mas barato, mas barat*, mas datos, mas gigas, ampliar, contratar, subir de tarifa
        4 bajar de tarifa, subir de plan, bajar de plan, pasar a la fibra, fibra, mas velocidad, mas rapid*
        4 anadir .. linea, otra linea, linea adicional, pausar, bono, roaming, renovar .. contrato, permanencia
        4 mejorar .. tarifa, quitar .. canales, paquete
        3 tarifa*, plan, gigas, datos moviles, oferta*, promocion, velocidad, suspender
        2 contrato, linea, lineas, cambiar, canales, internet
        """,
        Intent.COMPLAINT: """
        4 queja, quejas, quejarme, hoja de reclamaciones, reclamacion, presentar una reclamacion, inaceptable, pesimo
        4 pesima, mal servicio, vergonzoso, vergonzosa, verguenza, colgo, colgaron, me colg*, nadie me responde
        4 nadie contesta, nadie responde, nadie .. llamado, nadie me ha, sin respuesta, no contestan, disculpas
        4 disculpa, supervisor, mala educacion, maleducad*, falta de respeto, trato, atendio mal, mala atencion
        3 tercera vez, cuarta vez, harto, harta, decepcionad*, indignad*, espera, horas esperando, esperando
        3 promet* .. llam*, no vino, nadie vino, plantad*, insult*, burl*
        2 llame, llamado, atencion, atendio, horas, tecnico .. no
        """,
        Intent.CANCELLATION: """
        4 cancelar mi, cancelar el, cancelar la, cancelar .. contrato, dar de baja, darme de baja, darnos de baja
        4 de baja, baja de, la baja, dar la baja, rescindir, rescision, portabilidad, cancelacion, desistimiento
        4 otra compania, cambiar de compania, otro operador, cerrar .. cuenta, preaviso, ya no necesito
        4 ya no necesitamos
        3 cancelar, baja, penalizacion, me voy a, finalizar .. contrato, terminar .. contrato, devolver .. router
        2 fallecid*, fallecio, fin, dejar
        """,
        Intent.ACCESS: """
        4 contrasena, clave, iniciar sesion, no puedo entrar, no me deja entrar, no puedo acceder, entrar en .. cuenta
        4 entrar en la app, acceder, cuenta bloqueada, usuario bloqueado, codigo de verificacion, codigo .. sms
        4 codigo, area de cliente*, area cliente, restablecer, usuario, nombre de usuario, olvidado, puk, registrarme
        3 app, aplicacion, bloquead*, entrar, acceso, pin, pagina web, la web
        2 sms, en linea
        """,
        Intent.PRAISE: """
        4 excelente servicio, excelente atencion, muy buen servicio, muy contento, muy contenta, muy amable*
        4 felicitar*, felicidades, enhorabuena, encantad*, gracias a, gracias por su, gracias por la, gracias por el
        4 gracias por todo, muchas gracias por, muchisimas gracias, agradecer*, agradezco, un diez, un encanto
        4 de maravilla, genial, estupend*, fantastic*
        3 paciencia, amable, amabilidad, rapidez, profesional*, excelente, resuelto .. rapid*, solucionad*, satisfech*
        3 majo, maja
        2 gracias, bien, perfecto
        """,
        Intent.OTHER: """
        4 sin senal, sin cobertura, sin internet, no hay internet, no tengo internet, no funciona, averia, tecnico
        4 se cayo, corte, sin linea, no hay telefono, no hay linea, trabajo .. curriculum, curriculum, empleo
        4 vacante*, prensa, periodista, phishing, es verdadero, es real .. correo, estafa, encuesta, patrocin*
        4 donacion, tesis, horario, tienda, publicidad, carta .. otra persona, no vive aqui
        3 cobertura, senal, lento, lenta, router, cable, poste, wifi, antena
        2 television, canal
        """,
    },
    signs={
        Sign.COMPLAINT: """
        1 queja, quejas, quejarme, reclamacion*, reclamo, inaceptable, vergonz*, verguenza, estafa, robo, harto, harta
        1 decepcionad*, indignad*, tercera vez, cuarta vez, cobro indebido, no he contratado, nunca contrate
        1 nunca pedi, pesimo, pesima, increible, no reconozco, cobrado de mas, disculpas, nadie contesta
        1 nadie responde, no pienso pagar
        1 una vez mas, siguen sin, nadie vino, no vino nadie, inadmisible, tomadura de pelo, no hay derecho
        """,
        Sign.LEGAL: """
        1 abogado, abogada, juzgado, tribunal, demanda, demandar, denuncia, denunciar, consumo, ocu, facua
        1 proteccion de datos, rgpd, hoja de reclamaciones, via judicial, acciones legales, policia, ombudsman
        1 defensor del
        1 omic, demanda judicial, tribunales, junta arbitral, agencia de proteccion
        1 atencion al usuario, reclamo formalmente, hoja de reclamacion
        """,
        Sign.VULNERABLE: """
        1 fallecio, fallecid*, murio, muerte, viuda, viudo, cancer, hospital, discapacid*, minusvalia, depresion
        1 en paro, desemplead*, despedid*, perdido el trabajo, sin trabajo, deudas, ciego, ciega, sordo, sorda
        1 embarazada, enfermo, enferma, enfermedad, dependencia, alzheimer, demencia, silla de ruedas
        1 residencia de mayores, accidente, maltrato, violencia, operado, operada, ansiedad, ertes, no me llega
        1 dialisis, silla de ruedas, quimio*, vive sola, vive solo, sin trabajo
        """,
        Sign.URGENT: """
        1 urgente, urgentemente, urgencia, inmediatamente, cuanto antes, hoy mismo, cortado, me corten, cortarme
        1 corten, lo antes posible, emergencia, de inmediato, ya mismo
        1 contestenme hoy, me cortan, me van a cortar, manana me, peligro, peligros*, bloqueen, bloqueenla
        1 numeros rojos, sin dinero para, teleasistencia
        """,
        Sign.ANGRY: """
        1 vergonz*, verguenza, inaceptable, estafa, robo, harto, harta, indignad*, increible, pesimo, pesima
        1 decepcionad*, tercera vez, cuarta vez, colgo, colgaron, burl*, ladrones, mentira*, falta de respeto
        1 enfadad*
        """,
        Sign.GLAD: """
        1 excelente, encantad*, muy amable*, muy contento, muy contenta, muchas gracias por, gracias a, gracias por su
        1 agradec*, felicidades, enhorabuena, genial, un diez, estupend*, de maravilla, fantastic*
        """,
    },
    common=(
        "el los y que por para mi mis una es con no he hola gracias se me del las su como pero un la en de lo "
        "tengo puedo buenos al ya"
    ),
    negations="no nunca sin ni jamás tampoco",
)
