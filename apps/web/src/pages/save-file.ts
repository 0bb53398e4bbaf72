/** Gives the browser something to save. */
export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes it at once; a moment later nobody needs the address any more.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
