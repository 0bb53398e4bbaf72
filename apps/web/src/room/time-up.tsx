import { Clock } from '../components/icons.tsx';
import { useTexts } from '../i18n/texts.ts';
import { useTimeLeft } from '../session/use-time-left.ts';
import { roomTexts } from './texts.ts';

/** Over the room from the deadline on, until the server says what became of the work. */
export function TimeUp({ deadlineAt }: { readonly deadlineAt: string | null }) {
  const { clock } = useTexts(roomTexts);
  const leftMs = useTimeLeft(deadlineAt);
  if (leftMs === null || leftMs > 0) return null;
  return (
    <div className="time-up" role="alert">
      <div className="card">
        <Clock size={28} />
        <h2>{clock.over}</h2>
        <p>{clock.overText}</p>
      </div>
    </div>
  );
}
