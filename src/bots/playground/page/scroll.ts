// Keeps the newest message in sight until the reader scrolls away. A message taller than the window
// is shown from its beginning, with the command above it that it answers.

export interface Scroller {
  /** After each drawing. */
  follow(): void;
  /** From now on the newest message is followed again. */
  stick(): void;
  /** Whoever reads further up is not pulled away by what others say; false: they read the end. */
  holdUnlessAtEnd(): boolean;
  toEnd(): void;
  /** The reader is led elsewhere, and stays there. */
  leave(): void;
  /** The feed was scrolled, by the reader or by `follow`. */
  scrolled(): void;
}

const nearPx = 48;
const abovePx = 12;

export function createScroller(onEnd: (isAtEnd: boolean) => void): Scroller {
  let mode: 'newest' | 'end' | 'reading' = 'newest';
  let isAtEnd = true;
  let wanted = -1;
  let followed: Element | undefined;
  let observed: Element | undefined;
  const observer = new ResizeObserver(() => follow());

  const endOf = (feed: Element) => feed.scrollHeight - feed.clientHeight;
  const tell = (feed: Element) => {
    isAtEnd = endOf(feed) - feed.scrollTop < nearPx;
    onEnd(isAtEnd);
  };
  const follow = () => {
    const feed = document.querySelector('.feed');
    if (feed === null) return;
    if (observed !== feed) {
      observer.disconnect();
      observer.observe(feed);
      if (feed.firstElementChild !== null) observer.observe(feed.firstElementChild);
      observed = feed;
    }
    const [before, newest = before] = [...feed.querySelectorAll<HTMLElement>('.message')].slice(-2);
    if (mode === 'end' && newest !== followed) mode = 'newest';
    followed = newest;
    if (mode !== 'reading') {
      const first = before?.querySelector('.command') ? before : newest;
      const top = first === undefined ? 0 : first.offsetTop - abovePx;
      wanted = mode === 'end' ? endOf(feed) : Math.min(endOf(feed), top);
      feed.scrollTop = wanted;
    }
    tell(feed);
  };

  return {
    follow,
    holdUnlessAtEnd() {
      if (isAtEnd) return false;
      mode = 'reading';
      return true;
    },
    stick() {
      mode = 'newest';
    },
    leave() {
      mode = 'reading';
    },
    toEnd() {
      mode = 'end';
      follow();
    },
    scrolled() {
      const feed = document.querySelector('.feed');
      if (feed === null) return;
      tell(feed);
      if (Math.abs(feed.scrollTop - wanted) >= 2) mode = isAtEnd ? 'end' : 'reading';
    },
  };
}
