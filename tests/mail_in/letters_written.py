"""Answers as customers' mail programs write them."""

from email.message import EmailMessage

GMAIL = (
    "Hvala, zdaj razumem.\n\nV V čet., 26. nov. 2026 ob 10:00 je oseba Moj Butan plin <obvestila@moj.example.si>\n"
    "napisala:\n\n> – – – Če odgovarjate po e-pošti, pišite nad to črto – – –\n>\n> Podpora je odgovorila.\n"
)
APPLE = (
    "Hvala, zdaj razumem.\n\nPoslano z mojega telefona\n\n> Dne 26. 11. 2026 ob 10:00 je Moj Butan plin "
    "<obvestila@moj.example.si> napisal(a):\n> \n> – – – Če odgovarjate po e-pošti, pišite nad to črto – – –\n"
)
THUNDERBIRD = (
    "On 26/11/2026 10:00, Moj Butan plin wrote:\n> – – – To answer by e-mail, write above this line – – –\n"
    "> Support has answered.\n\nThank you, now I see.\n-- \nAna Novak\n040 000 000\n"
)
OUTLOOK = (
    "Hvala, zdaj razumem.\r\n\r\n________________________________\r\nOd: Moj Butan plin <obvestila@moj.example.si>\r\n"
    "Poslano: četrtek, 26. november 2026 10:00\r\nZa: Ana\r\nZadeva: Odgovor\r\n\r\nPodpora je odgovorila.\r\n"
)
HTML_ALONE = (
    "<html><head><style>p{color:red}</style></head><body><div>Hvala,<br>zdaj <b>razumem</b>.</div>"
    "<blockquote>Podpora je odgovorila.</blockquote></body></html>"
)


def answer(
    to: str, text: str = "Hvala, zdaj razumem.", *, sender: str = "ana@example.si", **headers: str
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ana Novak <{sender}>", to, "Re: Odgovor"
    mail["Message-ID"] = headers.pop("message_id", "<1@mail.example.com>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def with_file(mail: EmailMessage, content: bytes, name: str, media_type: str = "image/jpeg") -> EmailMessage:
    main, _mark, sub = media_type.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail
