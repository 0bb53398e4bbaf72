import type { ReactNode } from 'react';
import { Check, Info, Warning } from './icons.tsx';

const ICONS = { info: Info, good: Check, warn: Warning, bad: Warning };

/** Something to know. Read out when it appears. */
export function Notice(props: { readonly kind?: keyof typeof ICONS; readonly title: string; readonly children?: ReactNode }) {
  const { kind = 'info', title, children } = props;
  const Symbol = ICONS[kind];
  return (
    <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <Symbol />
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
