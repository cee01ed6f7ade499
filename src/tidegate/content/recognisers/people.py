"""Registers of people: tables whose columns, taken together, tell who somebody is. One address is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.units import Found, recogniser

_LEAST = 5  # rows: a family is no register

_COLUMNS = {
    "name": "givenname firstname forename surname lastname familyname fullname middlename middleinitial maidenname "
    "mothersmaiden personname employeename patientname customername studentname contactname "
    "holdername vorname nachname "
    "nom prenom prénom nombre apellido apellidos cognome 姓名 名字 姓 "
    "联系人 客户姓名 员工姓名 学生姓名 患者姓名 имя фамилия фио 氏名 이름",
    "birth": "birthday birthdate dateofbirth dob birth geburtsdatum geburtstag datedenaissance fechadenacimiento "
    "出生日期 生日 出生年月 датарождения 生年月日",
    "place": "streetaddress homeaddress address address1 postaladdress mailingaddress residence street strasse straße "
    "anschrift adresse direccion dirección indirizzo 住址 家庭住址 地址 住所 通讯地址 адрес",
    "phone": "phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber cellphone "
    "homephone telefon handy "
    "téléphone teléfono telefono 电话 手机 手机号 手机号码 联系电话 联系方式 телефон 電話番号",
    "mail": "email emailaddress mail mailaddress mailadresse courriel correo 邮箱 电子邮箱 电子邮件",
    "number": "ssn socialsecuritynumber nationalid nationalidnumber idnumber idcard idcardnumber passport "
    "passportno passportnumber taxid "
    "insuranceno insurancenumber driverslicense ccnumber creditcard cardnumber iban accountnumber "
    "mrn patientid steuerid "
    "personalausweis nif dni 身份证 身份证号 "
    "身份证号码 护照号 护照号码 证件号码 证件号 银行卡号 社保号 паспорт снилс инн",
    "self": "gender sex nationality ethnicity religion maritalstatus bloodtype salary wage income diagnosis disease "
    "geschlecht staatsangehörigkeit gehalt 性别 民族 国籍 婚姻状况 工资 诊断 血型 籍贯 пол",
}
_KIND = {word: kind for kind, words in _COLUMNS.items() for word in words.split()}
_STRONG = {"birth", "number", "self"}
"""What shops and stations do not have."""

_WHO = re.compile(r"^(?:[A-ZÀ-Ž][\w'’.-]{0,24},? ){1,3}[A-ZÀ-Ž][\w'’-]{1,24}$|^[\u4e00-\u9fff]{2,4}$")


@recogniser(
    data_class="personal",
    source="GDPR, article 4 (1) and (6): information on identifiable people, in a structured set; PIPL, article 4",
    sees=(Table,),
    at_least=_LEAST,
    hits=(
        "GivenName,Surname,StreetAddress,EmailAddress\n"
        + "".join(f"Ana,Li{n},Road {n},a{n}@x.org\n" for n in range(9)),
        "姓名,性别,身份证号,联系电话\n"
        + "".join(f"张伟{'一二三四五六七八九'[n]},男,11010519491231{n}02X,1380013800{n}\n" for n in range(9)),
        "name;phone;address\n" + "".join(f"Ana Li{'abcdefghi'[n]};0301234{n};Road {n}\n" for n in range(9)),
    ),
    misses=(
        "agency_name,agency_phone,agency_url\n" + "".join(f"Line {n} Ltd,030123{n},x.org\n" for n in range(9)),  # firms
        "name,address,phone\n" + "".join(f"Station {n},Road {n},0301234{n}\n" for n in range(9)),  # places
        "scientificName,recordedBy,sex\n" + "".join(f"Lynx lynx,Ana Li,female{n}\n" for n in range(9)),  # animals
        "GivenName,Surname,Email\nAna,Li,a@x.org\n",  # one person
    ),
)
def people(part: Table) -> Iterator[Found]:
    """Rows on people, by which columns there are and what stands in them."""
    header = [re.sub(r"[\W_]+", "", cell.lower()) for cell in part.header]
    kinds = {kind: index for index, name in reversed([*enumerate(header)]) if (kind := _KIND.get(name)) is not None}
    if "name" not in kinds and "name" in header and _whose(part, header.index("name")):
        kinds["name"] = header.index("name")
    reach = kinds.keys() & {"place", "phone", "mail"}
    strong = kinds.keys() & _STRONG
    if not ("name" in kinds and (strong or len(reach) >= 2)) and not ("number" in kinds and len(kinds) >= 3):
        return
    asked = [kinds[kind] for kind in (*sorted(strong), *sorted(reach))]
    who = kinds.get("name", kinds.get("number", 0))
    for number, row in enumerate(part.rows):
        if row[who].strip() and any(row[index].strip() for index in asked):
            line = "|".join(row[index] for index in (who, *asked))
            yield Found(
                where=f"row {part.first + number}", confidence=0.9, value=line, facts={"columns": tuple(sorted(kinds))}
            )


def _whose(part: Table, index: int) -> bool:
    """Whether what stands in a column called `name` are names of people, mostly."""
    names = [row[index].strip() for row in part.rows[:200] if row[index].strip()]
    return len(names) >= _LEAST and sum(_WHO.match(name[:80]) is not None for name in names) > 0.8 * len(names)
