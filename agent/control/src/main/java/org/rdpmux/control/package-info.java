// SPDX-License-Identifier: Apache-2.0
/**
 * The control interface of the agent: its requests and reports as records, how they travel, and a client.
 *
 * <p>The agent listens on a Unix socket. A client writes one request as a line of JSON (UTF-8, ended by a line feed, at
 * most {@value org.rdpmux.control.ControlProtocol#MAX_REQUEST_BYTES} bytes) and reads one line of JSON as reply; it may
 * then write the next request, or close.
 *
 * <pre>
 * -&gt; {"rdpmux":1,"request":"attach","name":"lab","address":"vnc://127.0.0.1:5900","port":0,"passwordFile":"","policy":""}
 * &lt;- {"rdpmux":1,"ok":true,"result":{"name":"lab", ...}}
 * &lt;- {"rdpmux":1,"ok":false,"error":"there is a console of the name 'lab' already"}
 * </pre>
 *
 * <p>{@code rdpmux} is the version of the interface. Within a version, requests and reports may gain fields and readers
 * ignore fields they do not know; a field a request lacks has its type's empty value. A request of another version is
 * refused with a sentence that names both.
 */
package org.rdpmux.control;
