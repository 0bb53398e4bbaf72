import { TabView, TERMINAL_WINDOW_BYTES, type TabId } from '@ckx/contracts';

/**
 * Each tab is a tmux session, on a server that no `tmux` of the candidate's own meets. That is what outlives a connection, and the gateway.
 * It is not to be seen: no status line, no prefix key, no mouse, and what scrolls out goes to the browser's own scrollback.
 */
const TMUX = 'tmux -u -L ckx -f /etc/tmux.conf';

/** That a tab keeps of what scrolled out of it, for a browser that comes anew. */
const HISTORY_LINES = 10_000;
/** As much as a terminal has under way at most. */
export const HISTORY_BYTES = TERMINAL_WINDOW_BYTES;

const OPTIONS = [
  // Without an alternate screen, and without scrolling by several lines at once, which browsers do not keep (CSI S): what scrolls out stays.
  `set -s 'terminal-overrides[90]' '*:smcup@:rmcup@:indn@'`,
  'set -g status off',
  'set -g prefix None',
  'set -g prefix2 None',
  'set -g mouse off',
  'set -g window-size latest',
  `set -g history-limit ${HISTORY_LINES}`,
  // A title that a program set; the name of the machine, which stands there before, is none.
  'set -g set-titles on',
  `set -g set-titles-string '#{?#{==:#{pane_title},#{host}},,#{pane_title}}'`,
  // A tmux that the candidate starts inside is theirs, and not nested as far as it can tell.
  `set -g default-command 'exec env -u TMUX -u TMUX_PANE bash -l'`,
];

/** Whether the tab's shell is there: exits with 0 where it is. */
export function hasTab(tab: TabId): string {
  return `${TMUX} has-session -t '=${tab}' 2>/dev/null`;
}

/** Lists the tabs that have a shell, for {@link readTabs}. */
export const LIST_TABS = `${TMUX} list-sessions -F '#{session_name} #{@name}' 2>/dev/null`;

/** Sessions of other names are not ours, and passed over. */
export function readTabs(listed: string): TabView[] {
  return listed.split('\n').flatMap((line) => {
    const [tab, name = ''] = line.split(' ');
    const view = TabView.safeParse({ tab, name: Buffer.from(name, 'hex').toString() || null });
    return view.success ? [view.data] : [];
  });
}

/** Names the tab. Neither the shell nor tmux reads what a candidate wrote: it travels as hexadecimal digits. */
export function nameTab(tab: TabId, name: string): string {
  return `${TMUX} set-option -t '=${tab}:' @name '${Buffer.from(name).toString('hex')}'`;
}

/** Prints what scrolled out of the tab, with its colours, oldest first. */
export function printHistory(tab: TabId): string {
  // Where nothing scrolled out, it would print the first line that is seen.
  const some = `[ "$(${TMUX} display-message -p -t '=${tab}:' '#{history_size}')" -gt 0 ]`;
  return `${some} && ${TMUX} capture-pane -p -e -S - -E -1 -t '=${tab}:' 2>/dev/null | tail -c ${HISTORY_BYTES}`;
}

/** Shows the tab's shell on this terminal, and on no other any more; a new one where there is none. */
export function showTab(tab: TabId): string {
  return `exec ${TMUX} start-server \\; ${OPTIONS.join(' \\; ')} \\; new-session -A -D -s '${tab}'`;
}

/** Ends the tab's shell and what runs in it. */
export function endTab(tab: TabId): string {
  return `${TMUX} kill-session -t '=${tab}' 2>/dev/null`;
}
