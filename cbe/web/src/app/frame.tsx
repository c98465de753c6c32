// SPDX-License-Identifier: AGPL-3.0-or-later
import { Button } from "@farol/web/components/button";
import { Icon, type IconName } from "@farol/web/components/icon";
import { Notice } from "@farol/web/components/notice";
import { Preferences } from "@farol/web/components/preferences";
import { Shell, type NavItem } from "@farol/web/components/shell";
import { useEffect, useRef, type MouseEvent, type ReactElement, type ReactNode } from "react";
import { useLocation } from "wouter";
import { ON_AIR, useOpenAlerts } from "../api/alerts";
import { useConnectionLost } from "../api/connection";
import { signOut, useMay, useSession } from "../api/session";
import { useText, type MessageId } from "../i18n/text";

/** The shell around every page after sign-in. */
export function Frame({ children }: { children: ReactNode }): ReactElement {
  const text = useText();
  const session = useSession();
  const mayCreate = useMay("alert.create");
  const maySee = useMay("alert.view");
  const mayAdminister = useMay("user.manage");
  const [path, navigate] = useLocation();
  useFocusOnArrival(path);

  const item = (href: string, label: MessageId, icon: IconName, current = path === href): NavItem => ({
    href,
    label: text(label),
    icon,
    current,
  });
  const nav: NavItem[] = [
    ...(maySee ? [item("/", "nav.now", "tower")] : []),
    ...(mayCreate ? [item("/alerts/new", "nav.new", "plus")] : []),
    ...(maySee ? [item("/history", "nav.history", "list")] : []),
    ...(mayAdminister
      ? [item("/people", "nav.people", "people", path.startsWith("/people") || (path === "/" && !maySee))]
      : []),
  ];
  const side = (
    <>
      <div className="bar-user">
        {session.user.name}
        <a href="/account">{text("nav.account")}</a>
      </div>
      <Button className="bar-button" size="small" onPress={() => void signOut()}>
        {text("nav.sign-out")}
      </Button>
    </>
  );
  return (
    <div onClick={(event) => followInside(event, navigate)}>
      <Shell
        mode={session.authority.mode}
        product="Farol"
        tenant={session.authority.name}
        home="/"
        nav={nav}
        side={side}
        above={<Above path={path} />}
        footer={<Footer phone={session.authority.help_phone ?? ""} />}
      >
        {children}
      </Shell>
    </div>
  );
}

/** Plain links stay plain; a click on one that leads inside the application doesn't load the page anew. */
function followInside(event: MouseEvent, navigate: (to: string) => void): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const href = link?.getAttribute("href");
  if (!href?.startsWith("/") || link?.hasAttribute("download")) return;
  event.preventDefault();
  navigate(href);
}

/** After a change of page, reading goes on at its content. */
function useFocusOnArrival(path: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [path]);
}

/** What must be seen on every page: a lost connection, and that something is on air. */
function Above({ path }: { path: string }): ReactElement {
  const text = useText();
  const lost = useConnectionLost();
  const session = useSession();
  const open = useOpenAlerts();
  const onAir = (open.data ?? []).filter(
    (alert) => ON_AIR.includes(alert.status) && path !== `/alerts/${alert.id}`,
  );
  const showLive = path !== "/" && onAir.length > 0 && session.authority.mode === "live";
  const only = onAir.length === 1 ? onAir[0] : undefined;
  return (
    <>
      {lost && (
        <div className="shell-inner above">
          <Notice tone="warning" title={text("connection.lost")} assertive>
            <p>{text("connection.lost-text", { phone: session.authority.help_phone || "—" })}</p>
          </Notice>
        </div>
      )}
      {showLive && (
        <div className="live-bar">
          <div className="shell-inner">
            <Icon name="tower" />
            <span>{text("live-bar.text", { n: onAir.length })}</span>
            <a href={only ? `/alerts/${only.id}` : "/"}>{text("live-bar.link")}</a>
          </div>
        </div>
      )}
    </>
  );
}

export function Footer({ phone }: { phone: string }): ReactElement {
  const text = useText();
  return (
    <>
      {phone && (
        <span>
          {text("footer.help")}{" "}
          <a href={`tel:${phone.replace(/\s/g, "")}`}>
            <bdi>{phone}</bdi>
          </a>
        </span>
      )}
      <a href="/account">{text("nav.account")}</a>
      <span className="push" />
      <Preferences />
    </>
  );
}
