import { SshAccess } from './ssh-access.tsx';

interface TerminalPaneProps {
  readonly examSessionId: string;
  readonly onCopied: (message: string) => void;
}

/** Where the candidate works. */
export function TerminalPane({ examSessionId, onCopied }: TerminalPaneProps) {
  return <SshAccess examSessionId={examSessionId} onCopied={onCopied} />;
}
