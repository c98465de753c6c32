// SPDX-License-Identifier: AGPL-3.0-or-later
import type { ReactElement, ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

/** A short task. The title is the question; the caller's buttons are verbs. Escape closes while nothing is typed. */
export function Dialog({
  title,
  isOpen,
  onClose,
  locked,
  role,
  children,
}: {
  title: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  locked?: boolean;
  role?: "dialog" | "alertdialog";
  children: ReactNode;
}): ReactElement {
  return (
    <ModalOverlay
      className="dialog-shade"
      isOpen={isOpen}
      isKeyboardDismissDisabled={locked ?? false}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="dialog">
        <AriaDialog className="dialog-content" role={role ?? "dialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
