// Package checkup finds what is wrong with policies before anything is asked of them: whatever the engine refuses when it loads, and
// names that nothing has (of the input, the data, other rules), which the engine would read as undefined. Each finding has file, line
// and words in Chinese and English, with the nearest name where one looks misspelt.
package checkup
