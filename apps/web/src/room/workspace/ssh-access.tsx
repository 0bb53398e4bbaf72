import { useMutation } from '@tanstack/react-query';
import { answer, api, type Shape } from '../../api/client.ts';
import { hasCode } from '../../api/problem.ts';
import { useExplain } from '../../components/explain.ts';
import { Copy, Terminal } from '../../components/icons.tsx';
import { sharedTexts } from '../../components/texts.ts';
import { useTexts } from '../../i18n/texts.ts';
import { copyText } from '../copyable.tsx';
import { roomTexts } from '../texts.ts';

/** The way in by one's own SSH client. The private key is in this page alone, and gone with it. */
export function SshAccess({ examSessionId, onCopied }: { readonly examSessionId: string; readonly onCopied: (message: string) => void }) {
  const { ssh } = useTexts(roomTexts);
  const explain = useExplain();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/sessions/{id}/ssh-key', { params: { path: { id: examSessionId } } })),
  });
  const issued = hasCode(error, 'SSH_KEY_ISSUED');
  return (
    <div className="ssh">
      <Terminal size={32} />
      <h2>{issued ? ssh.issued : ssh.title}</h2>
      <p>{issued ? ssh.issuedText : ssh.text}</p>
      {data !== undefined && <Key access={data} onCopied={onCopied} />}
      {data === undefined && !issued && (
        <button type="button" className="button" aria-disabled={isPending} onClick={() => !isPending && mutate()}>
          {isPending ? ssh.asking : ssh.ask}
        </button>
      )}
      {error !== null && !issued && <p role="alert">{explain(error)}</p>}
    </div>
  );
}

const KEY_FILE = 'ckx-key';

function Key({ access, onCopied }: { readonly access: Shape<'SshKey'>; readonly onCopied: (message: string) => void }) {
  const { ssh } = useTexts(roomTexts);
  const command = `chmod 600 ${KEY_FILE} && ssh -i ${KEY_FILE} -p ${access.port} ${access.user}@${access.host}`;
  const save = () => {
    const url = URL.createObjectURL(new Blob([access.privateKey], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = KEY_FILE;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="ssh-key">
      <p>{ssh.once}</p>
      <button type="button" className="button" onClick={save}>
        {ssh.download}
      </button>
      <Line label={ssh.command} text={command} onCopied={onCopied} />
      <Line label={ssh.hostKey} text={access.knownHosts.trimEnd()} onCopied={onCopied} />
      <Line label={ssh.key} text={access.privateKey} onCopied={onCopied} />
    </div>
  );
}

function Line({ label, text, onCopied }: { readonly label: string; readonly text: string; readonly onCopied: (message: string) => void }) {
  const shared = useTexts(sharedTexts);
  return (
    <div className="ssh-line">
      <span>{label}</span>
      <button
        type="button"
        className="button quiet icon"
        aria-label={`${shared.copy}: ${label}`}
        onClick={() => void copyText(text).then((done) => done && onCopied(shared.copied))}
      >
        <Copy />
      </button>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}
