// Shows what was pushed to this browser, and opens where it leads. It asks for nothing and keeps nothing.
"use strict";
self.addEventListener("push", (event) => {
  const said = event.data.json();
  event.waitUntil(self.registration.showNotification(said.title, {
    body: said.body, tag: said.tag, icon: "/static/icon-192.png", data: { url: said.url },
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const place = new URL(event.notification.data.url || "/", self.location.origin);
  if (!place.protocol.startsWith("http")) return;
  event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((windows) => {
    const open = windows.find((each) => each.url === place.href);
    return open ? open.focus() : self.clients.openWindow(place.href);
  }));
});
