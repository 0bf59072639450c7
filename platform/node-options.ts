/**
 * For processes that answer thousands of shoppers a second, whose objects live no longer than an answer: with the usual
 * young generation many of them are copied while they are still in use, and the slowest decisions wait for that.
 */
export const SHORT_LIVED_OBJECTS: readonly string[] = ['--min-semi-space-size=16', '--max-semi-space-size=64'];
