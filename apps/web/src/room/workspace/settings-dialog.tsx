import { useTexts } from '../../i18n/texts.ts';
import { Dialog } from '../dialog.tsx';
import { roomTexts } from '../texts.ts';
import { changeTerminalSettings, useTerminalSettings } from './terminal-settings.ts';
import type { ThemeName } from './themes.ts';

const NAMES: readonly ThemeName[] = ['dark', 'light', 'contrast'];

export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspace: texts, terminal } = useTexts(roomTexts);
  const { fontSize, theme } = useTerminalSettings();
  return (
    <Dialog title={texts.settings} onClose={onClose}>
      <div className="stack">
        <div className="settings-row">
          <span id="font-size">{texts.fontSize}</span>
          <div className="actions" role="group" aria-labelledby="font-size">
            <button
              type="button"
              className="button icon"
              aria-label={terminal.smaller}
              onClick={() => changeTerminalSettings({ fontSize: fontSize - 1 })}
            >
              −
            </button>
            <output className="figure">{fontSize}</output>
            <button
              type="button"
              className="button icon"
              aria-label={terminal.larger}
              data-first
              onClick={() => changeTerminalSettings({ fontSize: fontSize + 1 })}
            >
              +
            </button>
          </div>
        </div>
        <fieldset className="settings-row">
          <legend>{texts.theme}</legend>
          <div className="theme-choice">
            {NAMES.map((name) => (
              <label key={name} className="theme-sample" data-theme={name}>
                <input
                  type="radio"
                  name="terminal-theme"
                  checked={name === theme}
                  onChange={() => changeTerminalSettings({ theme: name })}
                />
                <span>{texts.themes[name]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <p className="muted small">{texts.settingsText}</p>
      </div>
    </Dialog>
  );
}
