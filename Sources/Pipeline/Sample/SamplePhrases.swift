/// The words that samples are made of: one phrase a line, as JSON string content, `{slot}` filled anew at each use.
enum SamplePhrases {
  /// A language that talks in whole sentences.
  struct Plain {
    let greetings: String
    let agent: String
    let caller: String
    let farewells: String
  }

  /// The languages other than English, with how many calls of a thousand speak them.
  static let languages: [(share: Int, text: Plain)] = [
    (90, hindi), (70, spanish), (40, german), (30, arabic), (25, chinese), (25, japanese),
  ]

  static let firstNames = lines(
    """
    Aarav Aditi Ahmed Aisha Alejandro Alice Amelia Amit Ana Ananya Andrew Anita Anna Arjun Asha Ayesha Barbara Ben \
    Bilal Carlos Carmen Charlotte Chen Chloe Chris Clara Daniel Deepak Derek Diego Divya Elena Elif Emily Emma Eva \
    Farid Fatima Felix Fiona Francesca Gabriel George Grace Hana Hannah Harish Harry Hassan Helen Hiroshi Ibrahim \
    Ines Isabel Isha Ivan Jack James Jane Jason Jing João Johanna John Jorge José Julia Kamal Karan Karin Kavya \
    Keiko Kevin Khalid Kim Kiran Lakshmi Laura Layla Leo Lina Linda Lucas Lucía Lukas Maria Marie Mark Marta Martin \
    Mary Mateo Max Maya Meera Mei Michael Miguel Mina Mohammed Mona Nadia Naomi Neha Nikhil Nina Noah Nora Oliver \
    Olivia Omar Oscar Pablo Paul Pedro Peter Petra Pooja Prakash Priya Rachel Rahul Raj Ravi Rebecca Riya Robert \
    Rohan Rosa Ruth Sakura Samuel Sandra Sanjay Sara Sebastian Shreya Simon Sneha Sofia Sophie Stefan Sunita Suresh \
    Tanya Tara Teresa Thomas Tim Uma Usha Valentina Vera Vijay Vikram Wei Yara Yasmin Yuki Yusuf Zoe Zoë François \
    Søren Łukasz Chloë आशा विक्रम محمد ليلى 美玲 健太 Наталья 민준
    """)

  static let lastNames = lines(
    """
    Agarwal Ahmed Ali Anderson Bauer Becker Bell Bennett Bose Brown Campbell Carter Castillo Chatterjee Chen Clark \
    Cohen Collins Cooper Costa Cruz Das Davies Desai Deshmukh Diaz D'Souza Edwards Evans Fernandes Fischer Flores \
    Foster Garcia Ghosh Gomez Gonzalez Gray Green Gupta Hall Harris Hoffmann Hughes Hussain Iyer Jackson Jain James \
    Johansson Johnson Jones Joshi Kapoor Kaur Kelly Khan King Klein Kowalski Kumar Lee Lewis Li Lopez Malik Martin \
    Martinez Mehta Menon Meyer Miller Mishra Mitchell Moore Morales Morgan Murphy Müller Nair Nakamura Nelson Nguyen \
    Novak O'Brien O'Connor Ortiz Owen Park Parker Patel Perez Phillips Pillai Pinto Price Rao Reddy Reyes Richter \
    Rivera Roberts Robinson Rodriguez Rossi Roy Russell Sanchez Santos Sato Saxena Schmidt Schneider Schulz Scott \
    Shah Sharma Silva Singh Smith Suzuki Tanaka Taylor Thomas Torres Turner Verma Wagner Walker Wang Watson Weber \
    White Williams Wilson Wolf Wood Wright Yadav Yamamoto Yılmaz Young Zhang Zimmermann García Núñez Jürgens Šimić \
    Åberg शर्मा पटेल الحسن 王 佐藤
    """)

  static let cities = lines(
    """
    Ahmedabad Amsterdam Austin Barcelona Bengaluru Berlin Bhopal Birmingham Boston Bristol Brussels Chandigarh \
    Chennai Chicago Cochin Dallas Delhi Denver Dubai Dublin Edinburgh Frankfurt Glasgow Goa Guadalajara Hamburg \
    Houston Hyderabad Indore Jaipur Kolkata Köln Leeds Lisbon London Lucknow Lyon Madrid Manchester Medellín Miami \
    Milan Monterrey Montréal Mumbai Munich Mysuru Nagpur Nashik Oakland Oslo Paris Patna Phoenix Portland Porto Pune \
    Rome Sacramento Seattle Seville Singapore Stockholm Surat Sydney Tampa Toronto Valencia Vienna Warsaw Zürich
    """)

  static let products = lines(
    """
    Home_Plus Fibre_500 SolarMax_3 City_Hatch Family_Cover iron_kettle AirFlow_X2 Silver_Plan Gold_Plan Term_Life \
    Water_Filter e-Scooter_S1 Smart_Meter Yoga_Pass Math_Tutor Desk_Pro Cloud_Backup Dental_Care Baby_Seat Wall_Box \
    Rain_Jacket Voice_Desk Night_Lamp Washer_8kg Inverter_AC Test_Kit Motor_Cover Credit_Line Home_Loan Travel_SIM \
    Sofa_Bed Hearing_Aid Camera_360 Tyre_Set Garden_Robot Coffee_Box Eye_Test Language_Course Gym_Card Office_Suite
    """)

  static let companies = lines(
    """
    Northwind_Energy Aster_Clinics BlueKite_Travel Vardhan_Motors Lotus_Finance Harbour_Insurance Cedar_&_Sons \
    Quickfix Saffron_Foods Orbit_Telecom Brightside_Schools Meridian_Bank Olive_Pharmacy Pinewood_Homes \
    Tulip_Logistics Peak_Fitness Hilltop_Dental Monsoon_Solar Kestrel_Tyres Juniper_Legal
    """)

  static let streets = lines(
    """
    MG_Road Park_Street High_Street Linden_Avenue Church_Lane Station_Road Gandhi_Marg Oak_Drive Mill_Lane \
    Calle_Mayor Hauptstraße Residency_Road Ring_Road Lake_View Hill_Crescent 5th_Avenue Queensway Rua_Augusta \
    King's_Road Sector_Road Brigade_Road Victoria_Terrace Elm_Close Marine_Drive Bahnhofstraße
    """)

  static let days = lines("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
  static let months = lines(
    "January February March April May June July August September October November December")
  static let emoji = lines("😊 👍 🙏 🎉 😅 🚗 ❤️ 🤷🏽‍♀️ 📦 ✅ 😂 🇮🇳")

  static let summaries = [
    """
    The caller\n{name}\nCustomer {last}\n{first} from {company}\nA relative of {name}
    """,
    """
     asked about {product}\n wants to move order {order}\n disputes {amount}\n books {day} at {time}\n\
     asks for {name}\n lives in {city} and needs {product}\n was not convinced\n agreed to {amount}\n\
     reported a fault of {product}
    """,
    """
    .\n; call back on {date}.\n; send papers to {email}.\n, see \\"{order}\\".\n, reachable on {phone}.\n\
    ; nothing else to do.
    """,
  ]

  /// Words parted by spaces as lines; `_` stands for a space inside.
  private static func lines(_ words: String) -> String {
    String(words.map { $0 == " " ? "\n" : $0 == "_" ? " " : $0 })
  }
}
