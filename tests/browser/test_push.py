"""Notifications in a real browser: asked for by a press alone, shown by the worker; a press on one opens its page."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from mojplin.domain.accounts.models import PushDevice
from mojplin.foundation import web_push
from tests.browser.looks import PHONE, looked_at
from tests.browser.patience import PATIENCE_MS, STEP_MS, waited_for
from tests.browser.test_offline import has_worker
from tests.cast import Customer
from tests.push_service import PushBrowser

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = '{"title": "Nov račun ali dobropis", "body": "Dom", "url": "%s", "tag": "t1", "lang": "sl"}'
FAR_END = """
  let made = null, asked = [];
  window.asked = asked;
  const subscription = { toJSON: () => ({ endpoint: "%(endpoint)s", keys: { p256dh: "%(p256dh)s", auth: "%(auth)s" } }),
    unsubscribe: async () => { sessionStorage.removeItem("made"); return true; } };
  PushManager.prototype.subscribe = async (options) => {
    asked.push(options); sessionStorage.setItem("made", String(options.applicationServerKey.length));
    return subscription;
  };
  PushManager.prototype.getSubscription = async () => sessionStorage.getItem("made") ? subscription : null;
  const ask = Notification.requestPermission.bind(Notification);
  Notification.requestPermission = () => { asked.push("permission"); return ask(); };
"""
"""No browser of a test reaches the push service of its maker: what it would answer stands here."""
SHOWN = """async count => {
  const shown = await (await navigator.serviceWorker.getRegistration()).getNotifications();
  return shown.length >= count && shown.map(({title, body, tag, data}) => ({title, body, tag, data}));
}"""
PRESS = """async () => {
  const opened = [], waits = [];
  self.clients.openWindow = async (address) => { opened.push(address); };
  const [notification] = await registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  event.waitUntil = (work) => waits.push(work);
  self.dispatchEvent(event);
  await Promise.all(waits);
  return opened;
}"""


def signed_in(browser: Browser, server: str, ana: Customer, **more: object) -> BrowserContext:
    context = browser.new_context(viewport=PHONE, locale="sl-SI", **more)
    secret = ana.browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": secret, "url": server}])
    return context


def test_a_press_asks_and_turns_them_on_and_another_turns_them_off(browser: Browser, live_server) -> None:
    ana, phone = Customer("Ana"), PushBrowser()
    context = signed_in(browser, live_server.url, ana, permissions=["notifications"])
    page = context.new_page()
    page.add_init_script(FAR_END % phone.fields)
    page.goto(f"{live_server.url}/profil/sporocila/")
    button = page.get_by_role("button", name="Vklopite obvestila")
    button.wait_for()
    assert page.evaluate("asked") == []
    looked_at(page, "push-off")
    button.click()
    page.get_by_text("Ta naprava kaže sporočila kot obvestila.").first.wait_for()
    assert page.evaluate("sessionStorage.getItem('made')") == "65"
    device = PushDevice.objects.get(user=ana.user)
    assert web_push.Address(device.endpoint, device.p256dh, device.auth) == phone.address
    page.reload()
    off = page.get_by_role("button", name="Izklopite obvestila tukaj")
    off.wait_for()
    looked_at(page, "push-on")
    off.click()
    button.wait_for()
    assert not PushDevice.objects.exists() and page.evaluate("sessionStorage.getItem('made')") is None
    context.close()


def test_a_refused_permission_is_said_and_without_support_or_scripts_nothing_is(browser: Browser, live_server) -> None:
    ana = Customer("Ana")
    context = signed_in(browser, live_server.url, ana)
    page = context.new_page()
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto(f"{live_server.url}/profil/sporocila/")
    page.get_by_role("button", name="Vklopite obvestila").click()
    page.get_by_text("so v vašem brskalniku blokirana").wait_for()
    tab_of_iphone = context.new_page()
    tab_of_iphone.add_init_script("delete window.PushManager; navigator.standalone = false")
    tab_of_iphone.goto(f"{live_server.url}/en/profile/messages/")
    tab_of_iphone.get_by_text("first add the portal to the home screen").wait_for()
    assert tab_of_iphone.get_by_role("button", name="Turn on notifications").count() == 0
    old = context.new_page()
    old.add_init_script("delete window.PushManager")
    old.goto(f"{live_server.url}/profil/sporocila/")
    assert not old.locator("[data-push]").is_visible()
    context.close()
    without = signed_in(browser, live_server.url, ana, java_script_enabled=False)
    page = without.new_page()
    page.goto(f"{live_server.url}/profil/sporocila/")
    assert not page.locator("[data-push]").is_visible() and page.get_by_text("Obvestila na tej napravi").is_hidden()
    without.close()


def test_the_worker_shows_a_message_once_and_opens_its_page_of_this_site_alone(browser: Browser, live_server) -> None:
    context = signed_in(browser, live_server.url, Customer("Ana"), permissions=["notifications"])
    page = context.new_page()
    page.goto(f"{live_server.url}/profil/")
    has_worker(page)
    for text in (CONTENT % "/racuni/?place=a", CONTENT % "/racuni/?place=b", "no JSON"):
        deliver(page, live_server.url, text)
    told = sorted(shown_at(page, 2), key=lambda each: str(each["tag"]))
    assert told == [
        {"title": "Moj Butan plin", "body": "", "tag": "portal", "data": {"url": None}},
        {"title": "Nov račun ali dobropis", "body": "Dom", "tag": "t1", "data": {"url": "/racuni/?place=b"}},
    ]
    worker = context.service_workers[0]
    for opened in ("/", "/racuni/?place=b"):
        assert worker.evaluate(PRESS) == [live_server.url + opened]
    for elsewhere in ("https://evil.example/racuni/", "//evil.example/racuni/", "/\\\\evil.example/"):
        deliver(page, live_server.url, CONTENT % elsewhere)
        shown_at(page, 1)
        assert worker.evaluate(PRESS) == [f"{live_server.url}/"], elsewhere
    context.close()


def deliver(page: Page, origin: str, text: str) -> None:
    """Let the browser get a message as if its push service had brought it."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    waited = 0
    while not found and waited < PATIENCE_MS:
        page.wait_for_timeout(STEP_MS)
        waited += STEP_MS
    session.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": found[0], "data": text})
    session.detach()


def shown_at(page: Page, count: int) -> list[dict[str, object]]:
    """Return the notifications of the page's site, as soon as there are so many."""
    shown: list[dict[str, object]] = waited_for(page, SHOWN, count)
    return shown
