"""What a tablet has kept, read from outside the page's own code."""

from typing import Any

from playwright.sync_api import Page

from tests.patience import until

_CACHES = """async () => {
    const kept = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const response = await cache.match(request, { ignoreVary: true });
            kept[request.url] = { cache: name, bytes: (await response.blob()).size };
        }
    }
    return kept;
}"""

# What a browser says when the disk has no room.
FULL = """() => {
    window.kept = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.put = window.kept; }"

# A transaction that goes on and on, behind which all others wait.
HELD_BY_ANOTHER = """() => new Promise((resolve) => {
    const open = indexedDB.open("trakk");
    open.onsuccess = () => {
        const held = open.result.transaction([...open.result.objectStoreNames], "readwrite");
        const goOn = () => {
            resolve();
            if (!window.letsGo) held.objectStore("session").get("another").onsuccess = goOn;
        };
        goOn();
    };
})"""

DATABASE = """() => new Promise((resolve, reject) => {
    const open = indexedDB.open("trakk");
    open.onerror = () => reject(open.error);
    open.onsuccess = async () => {
        const found = {};
        for (const name of open.result.objectStoreNames) {
            const ask = open.result.transaction(name).objectStore(name).getAll();
            found[name] = await new Promise((done) => { ask.onsuccess = () => done(ask.result); });
        }
        open.result.close();
        resolve(found);
    };
})"""
"""All of IndexedDB, for any browser that is driven."""

IS_KEPT = """async () => {
    const urls = [];
    for (const name of await caches.keys()) urls.push(...(await (await caches.open(name)).keys()).map((request) => request.url));
    return navigator.serviceWorker.controller !== null &&
        ["/tegn/", "/bundle", ".pmtiles"].every((end) => urls.some((url) => url.endsWith(end)));
}"""
"""Whether the service worker runs the page, and page, bundle and map are on the tablet."""


def caches_of(page: Page) -> dict[str, dict[str, Any]]:
    """Everything in Cache Storage: {address: {cache, bytes}}."""
    found: dict[str, dict[str, Any]] = page.evaluate(_CACHES)
    return found


def database_of(page: Page) -> dict[str, list[Any]]:
    """Everything in IndexedDB, store by store."""
    found: dict[str, list[Any]] = page.evaluate(DATABASE)
    return found


def wait_until_kept(page: Page) -> None:
    """Until the service worker runs the page, and page, bundle and map are on the tablet."""
    until(lambda: page.evaluate(IS_KEPT), "the tablet to keep page, bundle and map")
