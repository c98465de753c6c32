// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The frame of every page: the band that names the mode, the bar with product and navigation, the page, the footer.
import type { ReactElement, ReactNode } from "react";
import { useKitText } from "../i18n/kit";
import { BrandMark, Icon, type IconName } from "./icon";

export type Mode = "live" | "training";

export interface NavItem {
  href: string;
  label: string;
  icon: IconName;
  current: boolean;
}

export function ModeBand({ mode }: { mode: Mode }): ReactElement {
  const text = useKitText();
  return (
    <div className={`mode-band mode-band-${mode}`}>
      <div className="shell-inner">
        <Icon name={mode === "live" ? "tower" : "training"} />
        <strong>{text(`kit.mode.${mode}`)}</strong>
        <span>{text(`kit.mode-means.${mode}`)}</span>
      </div>
    </div>
  );
}

export function Shell({
  mode,
  product,
  tenant,
  home,
  nav,
  side,
  above,
  footer,
  children,
}: {
  mode: Mode;
  product: string;
  tenant: string;
  home: string;
  nav: NavItem[];
  side: ReactNode;
  above?: ReactNode;
  footer: ReactNode;
  children: ReactNode;
}): ReactElement {
  const text = useKitText();
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {text("kit.skip")}
      </a>
      <header>
        <ModeBand mode={mode} />
        <div className="bar">
          <div className="shell-inner">
            <a className="bar-brand" href={home}>
              <BrandMark />
              <span>
                <span className="bar-product">{product}</span>
                <span className="bar-tenant">{tenant}</span>
              </span>
            </a>
            {nav.length > 0 && (
              <nav className="bar-nav" aria-label={text("kit.navigation")}>
                {nav.map((item) => (
                  <a key={item.href} href={item.href} aria-current={item.current ? "page" : undefined}>
                    <Icon name={item.icon} />
                    {item.label}
                  </a>
                ))}
              </nav>
            )}
            <div className="bar-side">{side}</div>
          </div>
        </div>
        {above}
      </header>
      <main id="main" className="shell-inner shell-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="footer">
        <div className="shell-inner">{footer}</div>
      </footer>
    </div>
  );
}
