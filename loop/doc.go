// Package loop is an event loop with the names and promises of asyncio.
package loop
