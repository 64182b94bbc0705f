/// Gives memory that is allocated no longer back to the kernel: worth a call where a phase that needs much has ended.
package func returnFreedMemory() { SystemCalls.returnFreedMemory() }
