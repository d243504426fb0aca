// SPDX-License-Identifier: Apache-2.0
/**
 * The control API of the agent: its requests and reports as records, how they travel, and a client.
 *
 * <p>The agent listens on a Unix socket and speaks HTTP/1.1 with JSON there. {@link org.rdpmux.control.Routes} has every path;
 * the file {@code openapi.json} describes the same for people and programs.
 *
 * <pre>
 * -&gt; POST /v1/consoles HTTP/1.1
 *    Host: rdpmux
 *    Content-Type: application/json
 *    Content-Length: 48
 *
 *    {"name":"lab","address":"vnc://127.0.0.1:5900"}
 * &lt;- HTTP/1.1 201 Created
 *    {"name":"lab", ...}
 * &lt;- HTTP/1.1 409 Conflict
 *    {"type":"about:blank","title":"Conflict","status":409,"detail":"there is a console 'lab' already"}
 * </pre>
 *
 * <p>Within {@code /v1}, answers may gain members and readers ignore those they do not know; a member that a request lacks has
 * its type's empty value, and one that the agent does not know is refused.
 */
package org.rdpmux.control;
