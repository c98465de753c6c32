// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement, ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import { Icon, type IconName } from "./icon";

export type ButtonTone = "primary" | "secondary" | "danger" | "danger-quiet" | "quiet";
export type ButtonSize = "small" | "normal" | "large";

interface Look {
  tone?: ButtonTone;
  size?: ButtonSize;
  icon?: IconName;
  children: ReactNode;
}

/**
 * While pending it keeps the focus and its width, and does nothing; forms guard themselves. (React Aria's own
 * `isPending` announces through an element without a name.)
 */
export function Button({
  tone = "secondary",
  size = "normal",
  icon,
  children,
  className,
  isPending = false,
  onPress,
  ...rest
}: Omit<ButtonProps, "children" | "className"> & Look & { className?: string }): ReactElement {
  return (
    <AriaButton
      {...rest}
      {...(onPress && !isPending && { onPress })}
      data-size={size}
      data-pending={isPending || undefined}
      className={`button button-${tone} ${className ?? ""}`}
    >
      {isPending ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </AriaButton>
  );
}

/** A real link that looks like a button: it leads somewhere, it doesn't do anything. */
export function ButtonLink({
  tone = "secondary",
  size = "normal",
  icon,
  children,
  href,
  onClick,
}: Look & { href: string; onClick?: React.MouseEventHandler<HTMLAnchorElement> }): ReactElement {
  return (
    <a href={href} {...(onClick && { onClick })} data-size={size} className={`button button-${tone}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}
