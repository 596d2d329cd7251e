// Package population asks the population register (公安部 人口信息) whether a name and an ID number belong together, through the
// 国家数据共享交换平台: a secret that ends and is handed out wrapped, four signed values on each call, and the SOAP operation
// GK_GXFW_SFHC. It asks for verdicts only, never for the register's data: matching needs no more than a yes or no.
//
// The platform knows one secret of a requester at a time, and a new one ends the one before. Gateways that share a requester id
// therefore end each other's secrets and refresh more often than they would have to; give each its own id.
//
// The platform's handbook is not public; N1 and N2 in the register of assumptions say what was assumed.
package population
