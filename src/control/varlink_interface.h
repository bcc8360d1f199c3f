/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The definitions of our interfaces, made by the build of the .varlink files
 * beside this one: the contract, and the answer to GetInterfaceDescription.
 */
#ifndef KG_CONTROL_VARLINK_INTERFACE_H
#define KG_CONTROL_VARLINK_INTERFACE_H

extern const char varlink_interface[]; /* io.keyguard.Control */
extern const char varlink_service[];   /* org.varlink.service */

#endif
