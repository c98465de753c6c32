// SPDX-License-Identifier: AGPL-3.0-or-later
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  type ReactElement,
  type ReactNode,
} from "react";
import { Icon } from "./icon";

interface Toast {
  id: number;
  text: string;
}

const SHOWN_MS = 7000;
const Say = createContext<(text: string) => void>(() => undefined);

/** Short news that needs no answer, read out politely. Refusals never go here: they stay on the page. */
export function ToastProvider({ children }: { children: ReactNode }): ReactElement {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const say = useCallback((text: string) => {
    setToasts((now) => [...now.slice(-2), { id: (now.at(-1)?.id ?? 0) + 1, text }]);
  }, []);
  useEffect(() => {
    if (toasts.length === 0) return;
    const timer = setTimeout(() => setToasts((now) => now.slice(1)), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toasts]);
  return (
    <Say value={say}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <div key={toast.id} className="toast">
            <Icon name="check" />
            {toast.text}
          </div>
        ))}
      </div>
    </Say>
  );
}

export function useToast(): (text: string) => void {
  return useContext(Say);
}
