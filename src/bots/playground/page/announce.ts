// Says things to screen readers. The log of messages is not live itself: it would read out every
// step of a progress.

const keptMax = 5;

export function announce(text: string): void {
  const announcer = document.querySelector('#announcer');
  if (announcer === null) return;
  const paragraph = document.createElement('p');
  paragraph.textContent = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  announcer.append(paragraph);
  while (announcer.childElementCount > keptMax) announcer.firstElementChild?.remove();
}
