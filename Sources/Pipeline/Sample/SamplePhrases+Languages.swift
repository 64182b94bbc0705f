extension SamplePhrases {
  static let hindi = Plain(
    greetings: """
      नमस्ते, मैं {company} से बोल रही हूँ। क्या मेरी बात {name} जी से हो रही है?
      नमस्कार {first} जी, आपके {product} के बारे में बात करनी थी।
      जी नमस्ते, मैं आपकी क्या मदद कर सकती हूँ?
      """,
    agent: """
      ठीक है {first} जी, क्या {day} को {time} बजे का समय ठीक रहेगा?
      आपका ऑर्डर {order} {date} को {city} से निकल चुका है।
      कुल राशि ₹{amount} है, और {number} दिन बाकी हैं।
      माफ़ कीजिए, आवाज़ कट रही है। क्या आप दोहरा सकते हैं?
      मैंने आपका पता {street} {number}, {city} लिख लिया है।
      {product} पर अभी {number} प्रतिशत की छूट चल रही है।
      क्या मैं {first} {last} जी को {phone} पर फ़ोन करने के लिए कहूँ?
      हमारे रिकॉर्ड के अनुसार {date} को ₹{amount} का भुगतान नहीं हुआ।
      बहुत बढ़िया, मैं {email} पर पुष्टि भेज देती हूँ।
      क्या आप {city} वाली शाखा में आना पसंद करेंगे?
      आपका अपॉइंटमेंट {day} से बदलकर {date} कर दिया गया है।
      तकनीशियन {name} {time} बजे तक पहुँच जाएँगे।
      """,
    caller: """
      हाँ जी, बोलिए।
      मुझे {product} के बारे में जानना था, दाम कितना है?
      नहीं, {day} को मैं {city} में रहूँगा।
      मैंने तो ₹{amount} पहले ही दे दिए हैं।
      मेरा नंबर {phone} है।
      {time} बजे के बाद फ़ोन कीजिए, अभी मैं ऑफ़िस में हूँ।
      ऑर्डर नंबर {order} है, {date} को किया था।
      अच्छा, तो {number} दिन और लगेंगे?
      पिछली बार {first} जी ने कुछ और कहा था।
      ठीक है, {date} को रख दीजिए।
      वो {street} वाला पता पुराना है।
      actually मुझे refund चाहिए, {amount} रुपये।
      """,
    farewells: """
      धन्यवाद {first} जी, आपका दिन शुभ हो! 🙏
      ठीक है, नमस्ते।
      शुक्रिया, {day} को मिलते हैं।
      """)

  static let spanish = Plain(
    greetings: """
      Hola, le llamo de {company}. ¿Hablo con {name}?
      Buenos días, ¿en qué puedo ayudarle?
      Buenas tardes, {first}, le llamo por su {product}.
      """,
    agent: """
      Perfecto, {first}. ¿Le viene bien el {day} a las {time}?
      Su pedido {order} salió de {city} el {date}.
      El importe total es de {amount} euros, con {number} días de plazo.
      Disculpe, no le he oído bien. ¿Me lo puede repetir?
      He anotado la dirección: {street} {number}, {city}.
      Ahora mismo hay un {number} % de descuento en {product}.
      Según nuestros datos, el pago de {amount} no se realizó.
      Le envío la confirmación a {email}, ¿de acuerdo?
      El técnico se llama {name} y llegará antes de las {time}.
      ¿Prefiere que le llamemos al {phone}?
      Lo cambio entonces del {day} al {date}.
      """,
    caller: """
      Sí, dígame.
      Quería saber cuánto cuesta {product}.
      No, el {day} estaré en {city}.
      Pero si ya pagué {amount} el {date}…
      Mi número es el {phone}.
      Llámeme después de las {time}, ahora estoy trabajando.
      El pedido es el {order}, lo hizo {first}.
      ¿Y cuánto tarda? ¿{number} días?
      La última vez {name} me dijo otra cosa.
      De acuerdo, apúnteme para el {date}.
      Vivo en {street} {number}, no donde pone ahí.
      """,
    farewells: """
      Gracias, {first}. ¡Que tenga un buen día!
      Vale, adiós.
      Hasta el {day}, un saludo.
      """)

  static let german = Plain(
    greetings: """
      Guten Tag, hier ist der Assistent von {company}. Spreche ich mit {name}?
      Hallo, wie kann ich Ihnen helfen?
      Guten Morgen, es geht um Ihren Auftrag {order}.
      """,
    agent: """
      Sehr gut. Passt Ihnen {day} um {time} Uhr?
      Der Auftrag {order} hat {city} am {date} verlassen.
      Das macht zusammen {amount} Euro, zahlbar in {number} Tagen.
      Entschuldigung, die Verbindung ist schlecht. Können Sie das wiederholen?
      Ich habe notiert: {street} {number}, {city}.
      Auf {product} gibt es gerade {number} % Rabatt.
      Ich schicke die Bestätigung an {email}.
      Laut unseren Unterlagen fehlen noch {amount} Euro vom {date}.
      Herr {last} ruft Sie unter {phone} zurück.
      Dann verschieben wir von {day} auf {date}, {time} Uhr.
      """,
    caller: """
      Ja, am Apparat.
      Was kostet denn {product}?
      Nein, am {day} bin ich in {city}.
      Ich habe doch schon {amount} Euro überwiesen!
      Meine Nummer ist {phone}.
      Bitte erst nach {time} Uhr, ich bin noch bei {company}.
      Die Nummer steht hier: {order}.
      Dauert das wirklich {number} Tage?
      {name} hat mir am {date} etwas anderes gesagt.
      Gut, dann eben {day}, \\"{time}\\" wie gehabt.
      """,
    farewells: """
      Vielen Dank, {first}. Auf Wiederhören!
      Gut, tschüss.
      Dann bis {day}. Schönen Tag noch!
      """)

  static let arabic = Plain(
    greetings: """
      مرحبًا، معك {company}. هل أتحدث مع {name}؟
      السلام عليكم، كيف يمكنني مساعدتك؟
      """,
    agent: """
      حسنًا يا {first}، هل يناسبك يوم {day} الساعة {time}؟
      طلبك رقم {order} غادر {city} بتاريخ {date}.
      المبلغ الإجمالي {amount} درهم خلال {number} يومًا.
      عذرًا، لم أسمعك جيدًا. هل يمكنك أن تعيد؟
      سجلت العنوان: {street} {number}، {city}.
      هناك خصم {number}٪ على {product}.
      سأرسل التأكيد إلى {email}.
      سيتصل بك {name} على الرقم {phone}.
      """,
    caller: """
      نعم، تفضل.
      كم سعر {product}؟
      لا، يوم {day} سأكون في {city}.
      لكنني دفعت {amount} بتاريخ {date}.
      رقمي هو {phone}.
      اتصل بي بعد الساعة {time} من فضلك.
      رقم الطلب {order}.
      هل يستغرق ذلك {number} يومًا؟
      """,
    farewells: """
      شكرًا لك يا {first}، مع السلامة.
      حسنًا، إلى اللقاء يوم {day}.
      """)

  static let chinese = Plain(
    greetings: """
      您好,这里是{company},请问是{name}吗?
      您好,请问有什么可以帮您?
      """,
    agent: """
      好的,{first},{day}{time}方便吗?
      您的订单{order}已于{date}从{city}发出。
      总共{amount}元,还剩{number}天。
      不好意思,信号不太好,请您再说一遍。
      地址我记下了:{city}{street}{number}号。
      {product}现在优惠{number}%。
      确认信息会发到{email}。
      {name}会打{phone}联系您。
      """,
    caller: """
      是我,请说。
      {product}多少钱?
      不行,{day}我在{city}。
      我{date}已经付了{amount}元。
      我的电话是{phone}。
      {time}以后再打吧,我在上班。
      订单号是{order}。
      要等{number}天吗?
      """,
    farewells: """
      谢谢{first},再见!
      好的,{day}见。
      """)

  static let japanese = Plain(
    greetings: """
      お電話ありがとうございます。{company}でございます。
      もしもし、{name}様でいらっしゃいますか。
      """,
    agent: """
      かしこまりました。{day}の{time}はいかがでしょうか。
      ご注文{order}は{date}に{city}から発送しました。
      合計{amount}円、お支払いまであと{number}日です。
      申し訳ございません、お声が遠いようです。
      ご住所は{city}、{street} {number}でよろしいですか。
      {product}は今{number}%引きです。
      確認のメールを{email}にお送りします。
      担当の{last}から{phone}にお電話します。
      """,
    caller: """
      はい、そうです。
      {product}はおいくらですか。
      {day}は{city}にいるので無理です。
      {date}に{amount}円払いましたけど。
      番号は{phone}です。
      {time}以降にかけ直してください。
      注文番号は{order}です。
      {number}日もかかるんですか。
      """,
    farewells: """
      ありがとうございました。失礼いたします。
      では{day}に。よろしくお願いします。
      """)
}
