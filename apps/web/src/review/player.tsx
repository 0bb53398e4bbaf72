import { useEffect, useRef, useState } from 'react';
import { Pause, Play } from '../components/icons.tsx';
import { formatClock } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { parseCast } from './asciicast.ts';
import { Playback } from './playback.ts';
import './player.css';
import { openReplayScreen } from './replay-screen.ts';
import { reviewTexts } from './texts.ts';

const SPEEDS = [1, 2, 4, 8] as const;
/** Longer pauses tell nothing. */
const IDLE_MS = 2_000;
const STEP_MS = 1_000;

/** A recording, played on a terminal of its own. @param content asciicast */
export function Player({ content, label }: { readonly content: string; readonly label: string }) {
  const texts = useTexts(reviewTexts).player;
  const [cast] = useState(() => parseCast(content, IDLE_MS));
  const place = useRef<HTMLDivElement>(null);
  const playback = useRef<Playback>(null);
  const [atMs, setAtMs] = useState(0);
  const [playing, setPlaying] = useState(true);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1);

  useEffect(() => {
    if (place.current === null || cast === null) return undefined;
    const screen = openReplayScreen(place.current);
    playback.current = new Playback(cast, screen);
    return () => {
      playback.current = null;
      screen.dispose();
    };
  }, [cast]);

  useEffect(() => {
    if (!playing) return undefined;
    let [frame, before] = [0, performance.now()];
    const tick = (now: number) => {
      const shown = playback.current;
      if (shown === null) return;
      shown.seek(shown.atMs + Math.max(0, now - before) * speed);
      before = now;
      setAtMs(shown.atMs);
      if (shown.atEnd) setPlaying(false);
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, speed]);

  if (cast === null) return <p role="alert">{texts.unreadable}</p>;
  const seek = (ms: number) => {
    playback.current?.seek(ms);
    setAtMs(playback.current?.atMs ?? 0);
  };
  const toggle = () => {
    if (!playing && atMs >= cast.durationMs) seek(0);
    setPlaying(!playing);
  };
  return (
    <div className="player" role="group" aria-label={label}>
      <div ref={place} className="player-screen" />
      <div className="player-bar">
        <button type="button" className="button icon" aria-label={playing ? texts.pause : texts.play} onClick={toggle}>
          {playing ? <Pause size={18} /> : <Play size={18} />}
        </button>
        <input
          type="range"
          aria-label={texts.position}
          min={0}
          max={Math.max(1, Math.round(cast.durationMs))}
          step={STEP_MS}
          value={Math.round(atMs)}
          aria-valuetext={texts.at(formatClock(atMs), formatClock(cast.durationMs))}
          onChange={({ target }) => seek(Number(target.value))}
        />
        <span className="figure small">
          {formatClock(atMs)} / {formatClock(cast.durationMs)}
        </span>
        <div className="choice" role="group" aria-label={texts.speed}>
          {SPEEDS.map((one) => (
            <button key={one} type="button" aria-pressed={speed === one} onClick={() => setSpeed(one)}>
              {one}×
            </button>
          ))}
        </div>
      </div>
      <p className="muted small">{texts.idle}</p>
    </div>
  );
}
