import type { ReactNode } from 'react';
import { Copy, Search } from '../../components/icons.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { roomTexts } from '../texts.ts';
import { Below, Beside, FullScreen, Key, Paste, Sliders, Wider } from './icons.tsx';
import type { Split } from './layout.ts';

export interface ToolsProps {
  /** Of the tab at hand. */
  readonly kind: 'terminal' | 'desktop' | 'other';
  readonly split: Split;
  readonly wide: boolean;
  readonly onCopy: () => void;
  readonly onPaste: () => void;
  readonly onSearch: () => void;
  readonly onSettings: () => void;
  readonly onOwnClient: () => void;
  readonly onSplit: (split: Split) => void;
  readonly onWide: () => void;
  readonly onFullScreen: () => void;
}

/** What can be done with the tab at hand, and with the workspace. Nothing is moved by what does not apply: it is dimmed. */
export function Tools(props: ToolsProps) {
  const { workspace: texts, terminal } = useTexts(roomTexts);
  const { split, kind } = props;
  return (
    <div className="tools" role="toolbar" aria-label={texts.tools}>
      <Tool name={kind === 'desktop' ? texts.copyDesktop : texts.copy} onClick={props.onCopy} disabled={kind === 'other'}>
        <Copy size={18} />
      </Tool>
      <Tool name={kind === 'desktop' ? texts.pasteDesktop : texts.paste} onClick={props.onPaste} disabled={kind === 'other'}>
        <Paste />
      </Tool>
      <Tool name={terminal.search} onClick={props.onSearch} disabled={kind !== 'terminal'}>
        <Search size={18} />
      </Tool>
      <Tool name={texts.settings} onClick={props.onSettings}>
        <Sliders />
      </Tool>
      <Tool name={texts.ownClient} onClick={props.onOwnClient}>
        <Key />
      </Tool>
      <Tool name={texts.beside} pressed={split === 'beside'} onClick={() => props.onSplit(split === 'beside' ? 'none' : 'beside')}>
        <Beside />
      </Tool>
      <Tool name={texts.below} pressed={split === 'below'} onClick={() => props.onSplit(split === 'below' ? 'none' : 'below')}>
        <Below />
      </Tool>
      <Tool name={texts.wide} pressed={props.wide} onClick={props.onWide} shortcut="w">
        <Wider />
      </Tool>
      <Tool name={texts.fullScreen} onClick={props.onFullScreen} shortcut="z">
        <FullScreen />
      </Tool>
    </div>
  );
}

interface ToolProps {
  readonly name: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly shortcut?: string;
  readonly children: ReactNode;
}

function Tool({ name, onClick, disabled = false, pressed, shortcut, children }: ToolProps) {
  return (
    <button
      type="button"
      className="button quiet icon"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      aria-disabled={disabled}
      aria-keyshortcuts={shortcut}
      // A terminal keeps the focus, and its selection, when a tool is used on it by mouse.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => !disabled && onClick()}
    >
      {children}
    </button>
  );
}
